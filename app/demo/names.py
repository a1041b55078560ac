"""Names as a clinic in an English city hears them: given names and surnames that belong together."""

from __future__ import annotations

from random import Random
from typing import NamedTuple


class Family(NamedTuple):
    """Names of one origin, and how many in a hundred patients bear them."""

    share: int
    given: list[str]
    surnames: list[str]


def _family(share: int, given: str, surnames: str) -> Family:
    return Family(share, given.split(", "), surnames.split(", "))


FAMILIES = [
    _family(
        34,
        "Amelia, Oliver, Grace, William, Hannah, Jack, Elizabeth, Thomas, Chloe, Samuel, Ruby, Harry, Freya, Daniel, "
        "Lily, Edward, Alice, Margaret, George, Rosie, Arthur, Beatrice, Nathaniel, Charlotte, Toby, Joan, Sheila",
        "Hart, Barnes, Shaw, Stone, Carter, Whitfield, Evans, Thompson, Brooks, Fraser, Doyle, Grant, Ashworth, Holt, "
        "Pemberton, Marsden, Ackroyd, Birchall, Kershaw, Ormerod, Sykes, Wolstenholme, Featherstonehaugh-Cholmondeley",
    ),
    _family(
        8,
        "Siobhán, Niamh, Cillian, Aoife, Seán, Róisín, Eoin, Gráinne, Pádraig, Caoimhe",
        "O'Connell, Ó Briain, Ní Dhomhnaill, Byrne, O'Shaughnessy, McLoughlin, Gallagher, Fitzgerald",
    ),
    _family(
        6,
        "Rhys, Cerys, Angharad, Hamish, Eilidh, Iain, Morag, Gethin",
        "Llewellyn, Pryce, MacKenzie, Abercrombie, Colquhoun, Griffiths, Urquhart",
    ),
    _family(
        13,
        "Priya, Arjun, Zara, Samir, Ananya, Imran, Fatima, Rohan, Meera, Harpreet, Gurdeep, Aisha, Vikram, Lakshmi",
        "Raman, Mehta, Khan, Patel, Chowdhury, Subramaniam, Kaur, Singh, Bhattacharya, Hussain, Iyer, Gunawardena",
    ),
    _family(
        6,
        "Mei-Ling, Xiu, Wei, Jun, Hui-Min, Yan, Kwok-Wing, Minh Khai",
        "Chen, Zhang, Lau, Ouyang, Wong, Huang, Tan, Nguyễn",
    ),
    _family(
        8,
        "Tomasz, Katarzyna, Agnieszka, Paweł, Małgorzata, Wojciech, Zofia, Łukasz, Oleksandr, Iryna",
        "Nowak, Szczęsny, Brzęczyszczykiewicz, Kowalczyk, Jabłoński, Shevchenko, Zieliński",
    ),
    _family(
        8,
        "Oluwaseun, Chidinma, Kwame, Abena, Temitope, Ngozi, Emeka, Yaa, Folasade, Blessing",
        "Adeyemi, Okafor, Mensah, Osei-Bonsu, Oyelaran-Williams, Nwachukwu, Boateng, Asante, Ogunlesi",
    ),
    _family(
        8,
        "Sofia, Mateo, José Luis, Lucía, João, Beatriz, Ignacio, Inês, Ángel, Pilar",
        "Alvarez-Montgomery, Ibáñez, Rodríguez de la Fuente, da Conceição, Núñez, Fernandes, Carvalho",
    ),
    _family(
        5,
        "Lucas, Élodie, François, Zoë, Thérèse, Noël, Jörg, Björn, Astrid, Søren",
        "Moreau, Lefèvre, d'Aubigné, Desrosiers, Lindqvist, Olsen, Weiß, Þórðarson, Schwarzenberger",
    ),
    _family(
        4,
        "Nina, Dimitrios, Eleftheria, Ivana, Miloš, Layla, Yusuf, Emre",
        "Petrova, Papadopoulou, Konstantinidis, Đorđević, Haddad, Yıldırım, Al-Rashid",
    ),
]

PREFERRED = {
    "William": "Bill",
    "Elizabeth": "Liz",
    "Margaret": "Peggy",
    "Katarzyna": "Kasia",
    "Małgorzata": "Gosia",
    "Oluwaseun": "Seun",
    "Temitope": "Temi",
    "Nathaniel": "Nat",
    "José Luis": "Pepe",
    "Eleftheria": "Ria",
}


def names(count: int, random: Random) -> list[tuple[str, str]]:
    """That many different pairs of given name and surname."""
    found: dict[tuple[str, str], None] = {}
    shares = [family.share for family in FAMILIES]
    while len(found) < count:
        (family,) = random.choices(FAMILIES, shares)
        found[random.choice(family.given), random.choice(family.surnames)] = None
    return list(found)
