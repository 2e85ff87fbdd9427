"""What a password, a role, a provider, a wait must be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triplehelix.errors import Forbidden, InputError, NotSignedIn
from triplehelix.registry.id_tokens import OidcProvider, is_sound_address, key_id
from triplehelix.registry.limits import (
    RESET_OF_ACCOUNT,
    SIGN_IN_FROM_ADDRESS,
    SIGN_IN_OF_ACCOUNT,
    Limit,
    wait_after,
)
from triplehelix.registry.passwords import normal, require_good
from triplehelix.registry.roles import Role, may_give, require_may_give
from triplehelix.registry.viewer import COMMAND_LINE, VISITOR, Viewer

NETWORK, OTHER, MEMBER = "nw_" + "0" * 26, "nw_" + "1" * 26, "mb_" + "0" * 26
STEWARD = Viewer(user_id="us_1", grants=frozenset({"signed-in", f"steward:{NETWORK}"}))


@pytest.mark.parametrize(
    "password",
    ["password1234", "Passw0rd!Passw0rd!", "123456789012", "qwertyuiop12", "aaaaaaaaaaaa",
     "abcabcabcabc", "letmein-welcome", "Winter2026!!!", "triplehelix2026", "adalovelace1815",
     "ada.lovelace@example", "passwordpassword", "1qaz2wsx3edc", "iloveyou!!!!", "            "],
)  # fmt: skip
def test_passwords_that_others_try_first(password: str) -> None:
    with pytest.raises(InputError, match="among the first that others would try"):
        require_good(password, email="ada.lovelace@example.org", name="Ada Lovelace")


@pytest.mark.parametrize(
    "password",
    ["correct horse battery staple", "four grey herons waiting", "xK7#mQ2$vN9@", "żółta łódź na rzece",
     "雨後の竹の子が庭に伸びています", "tr0ub4dor and three"],
)  # fmt: skip
def test_passwords_of_any_letters_are_taken(password: str) -> None:
    """NIST SP 800-63B, 3.1.1.2: no rules of composition, all of Unicode, blanks."""
    require_good(password, email="ada@example.org", name="Ada")


def test_length_alone() -> None:
    with pytest.raises(InputError, match="has 11 characters; give at least 12"):
        require_good("heronswaiti")
    with pytest.raises(InputError, match="give at most 1000"):
        require_good("heron " * 200)


@given(st.text(max_size=30))
def test_a_normal_form_is_its_own(text: str) -> None:
    assert normal(normal(text)) == normal(text)


def test_the_published_waits() -> None:
    """Five guesses at an account, then half a minute, doubled up to a quarter of an hour."""
    waits = [wait_after(SIGN_IN_OF_ACCOUNT, n) for n in range(1, 13)]
    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]
    # So in one day no more than some hundred guesses.
    assert 86_400 / SIGN_IN_OF_ACCOUNT.longest_s + 10 < 120
    assert [wait_after(SIGN_IN_FROM_ADDRESS, n) for n in (29, 30, 31)] == [0, 10, 20]
    assert wait_after(RESET_OF_ACCOUNT, 3) == 300


@given(st.integers(0, 20), st.integers(1, 100), st.integers(100, 10_000), st.integers(1, 10_000))
def test_waits_grow_and_end(free: int, first: int, longest: int, n: int) -> None:
    limit = Limit(free, first, longest, 1)
    assert 0 <= wait_after(limit, n) <= wait_after(limit, n + 1) <= longest


@pytest.mark.parametrize(
    ("text", "words"),
    [("king", "is no role"), ("steward", "is one of a network"), (f"steward:{MEMBER}", "is one of a network"),
     (f"member:{NETWORK}", "is one of a member"), (f"administrator:{NETWORK}", "leave the id out"),
     (f"steward:{NETWORK} ", "is one of a network"), ("Administrator", "is no role")],
)  # fmt: skip
def test_roles_that_are_none(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        Role.read(text)


@pytest.mark.parametrize(
    ("viewer", "role", "keeper", "may"),
    [
        (COMMAND_LINE, Role("administrator"), None, True),
        (STEWARD, Role("administrator"), None, False),
        (STEWARD, Role("steward", NETWORK), NETWORK, True),
        (STEWARD, Role("steward", OTHER), OTHER, False),
        (STEWARD, Role("member", MEMBER), NETWORK, True),
        (STEWARD, Role("member", MEMBER), OTHER, False),
        (STEWARD, Role("member", MEMBER), None, False),
        (VISITOR, Role("reader", NETWORK), NETWORK, False),
        # One of the member's own people, a reader, and a token that may only read.
        (Viewer(grants=frozenset({f"member:{MEMBER}"})), Role("member", MEMBER), NETWORK, False),
        (Viewer(grants=frozenset({f"network:{NETWORK}"})), Role("reader", NETWORK), NETWORK, False),
        (Viewer(everything=True, scopes=frozenset({"read"})), Role("administrator"), None, False),
    ],
)
def test_who_gives_which_role(viewer: Viewer, role: Role, keeper: str | None, may: bool) -> None:
    assert may_give(viewer, role, keeper) is may
    if not may:
        with pytest.raises(Forbidden, match="you may not give or take the role"):
            require_may_give(viewer, role, keeper)


@pytest.mark.parametrize(
    "wrong",
    [{"algorithms": ("none",)}, {"algorithms": ("HS256",)}, {"algorithms": ()},
     {"issuer": "http://id.example.org"}, {"issuer": "https://a@id.example.org"},
     {"issuer": "https://id.example.org?x=1"}, {"issuer": "id.example.org"}, {"name": "Uni/.."},
     {"name": ""}, {"client_id": ""}, {"scopes": ("email",)}],
)  # fmt: skip
def test_providers_that_cannot_be_trusted(wrong: dict[str, object]) -> None:
    sound = {"name": "uni", "issuer": "https://id.example.org", "client_id": "registry"}
    with pytest.raises(InputError, match="oidc"):
        OidcProvider(**(sound | wrong))  # type: ignore[arg-type]


def test_a_secret_is_not_shown() -> None:
    shown = repr(
        OidcProvider(name="a", issuer="https://a.b", client_id="c", client_secret="SECRET")
    )
    assert "SECRET" not in shown


@pytest.mark.parametrize("address", ["http://id.example.org/t", "file:///etc/passwd", "//x/y",
                                     "https://a:b@x/y", "https:///x", "http://127.0.0.1/t", ""])  # fmt: skip
def test_addresses_that_are_not_asked(address: str) -> None:
    assert not is_sound_address(address, "https://id.example.org")


@pytest.mark.parametrize(
    "token", ["", "a.b", "a.b.c.d", "....", "!.!.!", "W10.e30.x", "x" * 30_000]
)
def test_what_is_no_token(token: str) -> None:
    with pytest.raises(NotSignedIn, match="token was refused"):
        key_id(token)
