"""How fast the diary is: ``make bench``. pytest collects nothing here; a time is not a test."""
