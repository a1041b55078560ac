"""A believable clinic around today, for newcomers, screenshots and trials: ``python -m app demo``."""

from app.demo.build import build_demo
from app.demo.files import DemoCredential, prepare_demo

__all__ = ["DemoCredential", "build_demo", "prepare_demo"]
