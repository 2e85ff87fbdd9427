"""What whoever runs the atlas may choose."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from triplehelix.errors import InputError


@dataclass(frozen=True, slots=True)
class Settings:
    """
    Choices of whoever runs the atlas.

    Parameters
    ----------
    tile_url : address of raster map tiles with `{z}`, `{x}` and `{y}` in it, drawn under the
        clusters instead of the packaged shapes of land. Without it no page of the atlas asks
        anything of another host.
    tile_attribution : whom the map must name for the tiles.

    Raises
    ------
    InputError
        If the address of the tiles is not one.

    Examples
    --------
    >>> Settings(tile_url="https://tiles.example/{z}/{x}/{y}.png").tile_origin
    'https://tiles.example'
    """

    tile_url: str | None = None
    tile_attribution: str = ""

    def __post_init__(self) -> None:
        if self.tile_url is None:
            return
        lacking = [part for part in ("{z}", "{x}", "{y}") if part not in self.tile_url]
        parts = urlsplit(self.tile_url)
        odd = any(c in parts.netloc for c in " ;,'\"{}")
        if lacking or odd or parts.scheme not in ("http", "https") or not parts.netloc:
            raise InputError(
                f"the tile address {self.tile_url!r} is not one; give it as "
                "https://HOST/PATH/{z}/{x}/{y}.png"
            )

    @property
    def tile_origin(self) -> str | None:
        """The host that tiles come from, as a Content-Security-Policy writes it."""
        if self.tile_url is None:
            return None
        parts = urlsplit(self.tile_url)
        return f"{parts.scheme}://{parts.netloc}"
