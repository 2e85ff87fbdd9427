"""Finding a person in what records and the log say, and taking them out."""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

ERASED = "(erased)"
_FIRST_AND_LAST = 2


@dataclass(frozen=True)
class Person:
    """
    Whom to look for.

    An e-mail is found wherever it stands. A name is found where it is all that a field says, and
    within a text only if it has two words or more: a single one may be anybody's, or anything's.
    An empty name is not looked for.
    """

    email: str
    name: str = ""

    @cached_property
    def _anywhere(self) -> re.Pattern[str]:
        found = [rf"(?<![\w.+-]){re.escape(self.email)}(?![\w-])"]
        if len(self.name.split()) >= _FIRST_AND_LAST:
            found.append(rf"(?<!\w){re.escape(self.name)}(?!\w)")
        return re.compile("|".join(found), re.IGNORECASE)

    @property
    def words(self) -> list[str]:
        """What a text that names the person has in it, as text and as JSON writes it."""
        said = [one for one in (self.email, self.name) if one]
        written = [
            json.dumps(one, ensure_ascii=plain)[1:-1] for one in said for plain in (False, True)
        ]
        return sorted({*said, *written})

    def is_in(self, said: Any) -> bool:
        """
        Whether a value, as JSON can hold it, names the person.

        Examples
        --------
        >>> ann = Person("ann@example.org", "Ann Lee")
        >>> ann.is_in({"contacts": ["ask ANN LEE"]}), ann.is_in("Joann Lees"), ann.is_in(7)
        (True, False, False)
        """
        return bool(self.taken_out_of(said) != said)

    def taken_out_of(self, said: Any) -> Any:
        """
        The value without the person: contacts that are them are gone, other texts are cut.

        Examples
        --------
        >>> ann = Person("ann@example.org", "Ann Lee")
        >>> ann.taken_out_of({"contacts": [{"name": "A. Lee", "email": "Ann@example.org"}]})
        {'contacts': []}
        >>> ann.taken_out_of({"access": "write to ann@example.org."})
        {'access': 'write to (erased).'}
        """
        if isinstance(said, str):
            whole = said.strip().casefold()
            if self.name and whole == self.name.casefold():
                return ERASED
            return self._anywhere.sub(ERASED, said)
        if isinstance(said, list | tuple):
            return [self.taken_out_of(each) for each in said if not self._is_contact(each)]
        if isinstance(said, dict):
            return {key: self.taken_out_of(value) for key, value in said.items()}
        return said

    def _is_contact(self, said: Any) -> bool:
        """Whether it is how to reach the person: whatever else it says is theirs too."""
        if not isinstance(said, dict) or not {"email", "name"} & set(said):
            return False
        email, name = str(said.get("email") or ""), str(said.get("name") or "")
        if email:
            return email.casefold() == self.email.casefold()
        return bool(self.name) and name.strip().casefold() == self.name.casefold()
