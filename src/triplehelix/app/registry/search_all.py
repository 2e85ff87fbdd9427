"""One search over the edition and the registry."""

from triplehelix.app.calls.records import calls
from triplehelix.app.registry.asset_list import AssetQuestion, list_assets
from triplehelix.app.search import Found, Hit, HitKind, search
from triplehelix.capabilities.listed import Capabilities
from triplehelix.registry.viewer import Viewer
from triplehelix.store.edition import Edition
from triplehelix.store.registry.opening import Registry


def search_all(
    edition: Edition, registry: Registry, viewer: Viewer, query: str, capabilities: Capabilities,
    *, limit: int = 10,
) -> Found:  # fmt: skip
    """What of the edition is called so, and the assets and calls that fit and the viewer sees."""
    found = search(edition, query, limit=limit)
    if not found.query:
        return found
    asked = AssetQuestion(q=found.query)
    assets = list_assets(registry, edition, viewer, asked, capabilities, per_page=limit)
    hits = [Hit("asset", row.asset_id, row.name, row.country) for row in assets.assets]
    known = calls(registry, viewer, capabilities, found.query, per_page=limit)
    named = [Hit("call", row.call_id, row.title, None) for row in known.calls]
    ours = [HitKind("asset", assets.total, hits), HitKind("call", known.total, named)]
    kinds = [*(kind for kind in ours if kind.total), *found.kinds]
    return Found(found.query, kinds, found.total + assets.total + known.total)
