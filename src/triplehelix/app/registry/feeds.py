"""What networks say, for calendars (iCalendar, RFC 5545) and news readers (Atom, RFC 4287)."""

from collections.abc import Sequence
from datetime import UTC
from html import unescape
from uuid import NAMESPACE_OID, UUID, uuid5
from xml.etree import ElementTree

import icalendar
import nh3

from triplehelix.app.registry.networks import Event, Post, events_seen, posts_seen
from triplehelix.registry.viewer import Viewer
from triplehelix.store.registry.opening import Registry

_PRODUCT = "-//Triple Helix//Registry//EN"
_ATOM = "http://www.w3.org/2005/Atom"
ElementTree.register_namespace("", _ATOM)


def uuid_of(record_id: str) -> UUID:
    """
    A name of a record that is unique everywhere and stays (RFC 9562, version 5).

    Examples
    --------
    >>> str(uuid_of("ev_00000000000000000000000011"))
    '2685351f-0f09-539e-ab50-76f462f147ac'
    """
    return uuid5(NAMESPACE_OID, record_id)


def calendar(
    registry: Registry, viewer: Viewer, network_id: str | None = None, *, base: str = ""
) -> bytes:
    """
    The events of a network, or of all, as iCalendar.

    Parameters
    ----------
    base : the atlas's own address, to which events link back.

    Raises
    ------
    UnknownName
        If the network is not seen.
    """
    with registry.look(viewer) as sight:
        name = sight.record("network", network_id).name if network_id else "Networks"
        events = events_seen(sight, network_id)
        whose = sight.names(event.network_id for event in events)
    made = icalendar.Calendar.new(
        prodid=_PRODUCT, uid=uuid_of(network_id or "networks"), name=f"{name}: events",
        method="PUBLISH",
        subcomponents=[_event(event, whose[event.network_id], base) for event in events],
    )  # fmt: skip
    written: bytes = made.to_ical()
    return written


def news(registry: Registry, viewer: Viewer, network_id: str, *, base: str = "") -> bytes:
    """
    The news of a network as an Atom feed.

    Raises
    ------
    UnknownName
        If the network is not seen.
    """
    with registry.look(viewer) as sight:
        network = sight.record("network", network_id)
        posts = posts_seen(sight, network_id)
    changed = max((post.changed_at for post in posts), default=network.changed_at)
    page = f"{base}/networks/{network_id}"
    feed = _element(None, "feed")
    _element(feed, "id", uuid_of(network_id).urn)
    _element(feed, "title", f"{network.name}: news")
    _element(feed, "updated", changed.isoformat())
    _element(feed, "link", rel="alternate", type="text/html", href=page)
    _element(feed, "link", rel="self", type="application/atom+xml", href=f"{page}/news.atom")
    _element(_element(feed, "author"), "name", network.name)
    _add_entries(feed, posts, page)
    ElementTree.indent(feed)
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _add_entries(feed: ElementTree.Element, posts: Sequence[Post], page: str) -> None:
    for post in posts:
        entry = _element(feed, "entry")
        _element(entry, "id", uuid_of(post.post_id).urn)
        _element(entry, "title", post.title)
        _element(entry, "updated", post.changed_at.isoformat())
        _element(entry, "published", f"{post.day.isoformat()}T00:00:00+00:00")
        _element(entry, "link", rel="alternate", type="text/html", href=f"{page}#{post.post_id}")
        _element(entry, "content", post.text, type="html")


def _element(
    parent: ElementTree.Element | None, name: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    tag = f"{{{_ATOM}}}{name}"
    made = (
        ElementTree.Element(tag, attributes)
        if parent is None
        else ElementTree.SubElement(parent, tag, attributes)
    )
    made.text = text
    return made


def _event(event: Event, network: str, base: str) -> icalendar.Event:
    return icalendar.Event.new(
        uid=uuid_of(event.event_id),
        # The moment of its last change: the same feed twice is the same to the letter.
        stamp=event.changed_at.astimezone(UTC), last_modified=event.changed_at.astimezone(UTC),
        start=event.starts.astimezone(UTC), end=event.ends.astimezone(UTC),
        summary=event.title, description=plain(event.text) if event.text else None,
        location=event.place, categories=[network],
        url=event.url or f"{base}/networks/{event.network_id}#{event.event_id}",
    )  # fmt: skip


def plain(html: str) -> str:
    """
    Simple HTML as plain text, a line for each paragraph.

    Examples
    --------
    >>> plain("<p>Doors at <b>nine</b> &amp; a half.</p><p>Bring a coat.</p>")
    'Doors at nine & a half.\\nBring a coat.'
    """
    broken = html.replace("<br>", "\n").replace("</p>", "\n").replace("</li>", "\n")
    return unescape(nh3.clean(broken, tags=set())).strip()
