"""The people of the demonstration, as its policy names them."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the policy of the demonstration."""

    name: str
    slack: str
    login: str


JANA: Final = Member("Jana K.", "U0JANA", "jana-k")
PETRA: Final = Member("Petra M.", "U0PETRA", "petra-m")
LENA: Final = Member("Lena B.", "U0LENA", "lena")
MAX: Final = Member("Max T.", "U0MAX", "max")
TOM: Final = Member("Tom S.", "U0TOM", "tom")
EVERYBODY: Final = (JANA, PETRA, LENA, MAX, TOM)
NAMES: Final = {member.slack: member.name for member in EVERYBODY}
