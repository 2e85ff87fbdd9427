"""Signing in through an institution's identity provider (OpenID Connect, code flow with PKCE)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from triplehelix.app.registry.inviting import require_for, taken_up
from triplehelix.app.registry.settings import RegistrySettings
from triplehelix.app.registry.sign_in import Browser, entered
from triplehelix.errors import NotSignedIn
from triplehelix.registry.accounts import SessionRules, folded_email
from triplehelix.registry.cleaning import clean_text
from triplehelix.registry.id_tokens import OidcProvider
from triplehelix.registry.ids import nothing_so_named
from triplehelix.registry.limits import START_FROM_ADDRESS
from triplehelix.registry.viewer import VISITOR
from triplehelix.store.identity_provider import IdentityProvider
from triplehelix.store.registry import accounts, attempts, identities, invitations
from triplehelix.store.registry.accounts import AccountChange
from triplehelix.store.registry.opening import Registry


class Arrived(NamedTuple):
    """Somebody came back signed in: the secret of their session, and where they were going."""

    session: str
    next: str


class Institutions:
    """
    The identity providers of a registry.

    Parameters
    ----------
    settings : where the registry is reached, and its providers.
    """

    def __init__(self, registry: Registry, settings: RegistrySettings) -> None:
        self._registry, self._settings = registry, settings
        self._known = {
            one.name: IdentityProvider(
                one,
                f"{settings.base_url}/sign-in/oidc/{one.name}/callback",
                clock=registry.clock,
            )
            for one in settings.oidc
            if one.enabled
        }

    def begin(
        self, name: str, *, browser_key: str, next_: str, invitation: str | None, address: str
    ) -> str:
        """
        Where a browser goes to sign in; it comes back with what only this visit knows.

        Parameters
        ----------
        browser_key : a secret that this browser alone carries.

        Raises
        ------
        UnknownName
            If there is no such provider, or it is disabled.
        SourceError
            If the provider does not answer.
        """
        provider = self._provider(name)
        with self._registry.writing() as connection:
            now = self._registry.clock()
            here = attempts.from_address("start", address)
            attempts.count(connection, here, START_FROM_ADDRESS, now)
            state, visit = identities.begin_visit(
                connection, provider=name, browser=browser_key, next_=next_,
                invitation=invitation, now=now,
            )  # fmt: skip
        return provider.authorization_address(
            state=state, nonce=visit.nonce, verifier=visit.verifier
        )

    def finish(
        self, name: str, said: Mapping[str, str], *, browser_key: str, browser: Browser,
        rules: SessionRules,
    ) -> Arrived:  # fmt: skip
        """
        Take in whom a provider sends back.

        Parameters
        ----------
        said : what stands in the address that the browser came back to.

        Raises
        ------
        NotSignedIn
            If the visit is not this browser's, came back already, is of another provider, was
            refused, or the token does not hold.
        SourceError
            If the provider does not answer.
        """
        provider = self._provider(name)
        with self._registry.writing() as connection:
            visit = identities.end_visit(
                connection, said.get("state", ""), browser_key, self._registry.clock()
            )
        if visit.provider != name:
            raise NotSignedIn("this answer came from another provider than the one asked")
        provider.require_from_here(said.get("iss"))
        if not said.get("code"):
            said_why = clean_text(said.get("error", ""))[:60] or "no reason given"
            raise NotSignedIn(
                f"the identity provider did not sign you in ({said_why}); try again, or sign in "
                "another way"
            )
        claims = provider.claims(code=said["code"], nonce=visit.nonce, verifier=visit.verifier)
        with accounts.changing(self._registry, VISITOR) as change:
            user_id = _recognised(change, provider.settings, claims, visit.invitation)
            if accounts.user(change.connection, user_id).disabled:
                raise NotSignedIn("this account is shut; ask the administrators")
            how = f"provider {name}"
            return Arrived(entered(change, user_id, browser, rules, how=how), visit.next)

    def _provider(self, name: str) -> IdentityProvider:
        if name not in self._known:
            raise nothing_so_named("identity provider")
        return self._known[name]


def _recognised(
    change: AccountChange, provider: OidcProvider, claims: Mapping[str, Any],
    invited: bytes | None,
) -> str:  # fmt: skip
    """The id of the user that the claims are of, who is known by their subject from now on."""
    email = _vouched_email(provider, claims)
    connection, subject = change.connection, str(claims["sub"])
    user_id = identities.user_of_identity(connection, provider.issuer, subject)
    if user_id is None:
        user_id = _by_email(change, provider, email) or _newcomer(
            change, provider, claims, email, invited is not None
        )
        identities.link_identity(change, user_id, provider.issuer, subject)
    if invited is not None:
        offer = invitations.invitation_of(connection, invited, change.now)
        require_for(offer, email)
        taken_up(change, offer, user_id)
    return user_id


def _by_email(change: AccountChange, provider: OidcProvider, email: str | None) -> str | None:
    """
    The account of an address that the provider vouches for.

    Not one that this provider knows under another subject: institutions give addresses of people
    who left to others.
    """
    user = accounts.user_by_email(change.connection, email) if email else None
    if user is None:
        return None
    if provider.issuer in identities.issuers_of(change.connection, user.user_id):
        raise NotSignedIn(
            "this e-mail address belongs to an account that your institution knows as somebody "
            "else; ask the administrators"
        )
    return user.user_id


def _newcomer(
    change: AccountChange, provider: OidcProvider, claims: Mapping[str, Any], email: str | None,
    invited: bool,
) -> str:  # fmt: skip
    if not provider.newcomers and not (invited and email):
        raise NotSignedIn(
            "your institution knows you, but there is no account here for you, or your "
            "institution did not say that your e-mail address is yours; ask for an invitation"
        )
    name = claims.get("name")
    called = clean_text(name)[:300].replace("\n", " ") if isinstance(name, str) else ""
    return accounts.make_user(change, email=email, name=called or email or "no name given")


def _vouched_email(provider: OidcProvider, claims: Mapping[str, Any]) -> str | None:
    """The address in lower case, if the provider says it was checked, and may say so."""
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str) or "@" not in email:
        return None
    known_as = folded_email(email)[:320]
    return known_as if provider.vouches_for(known_as) else None
