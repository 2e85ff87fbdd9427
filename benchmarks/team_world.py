"""Team formation instances as large as the published ones of the third kind, made from a seed."""

import numpy as np


def team_world(seed: int, n_places: int = 71, sizes: int = 8, n_apart: int = 169) -> str:
    """
    A `.tf` file: places in the unit square are the skills; at each stand agents of several sizes.

    The larger an agent, the farther it reaches and the dearer it is; the larger half cannot be
    hired later. Each exclusion joins three to five agents of one place or its neighbour.
    """
    rng = np.random.default_rng(seed)
    spots = rng.random((n_places, 2))
    far = np.linalg.norm(spots[:, None] - spots[None, :], axis=2)
    lines = [f"c made from seed {seed}", f"p {n_places * sizes} {n_places}"]
    for agent in range(n_places * sizes):
        place, size = divmod(agent, sizes)
        reach = 0.05 * (size + 1) ** 0.7 * rng.uniform(0.8, 1.2)
        skills = " ".join(map(str, np.flatnonzero(far[place] <= reach)))
        cost = 1 + int(rng.integers(size, 2 * size + 2)) // 2
        lines.append(f"a {agent} {cost} {cost if size < sizes // 2 else -1} {skills}")
    lines += [f"s {at} {weight}" for at, weight in enumerate(rng.integers(1, 11, n_places))]
    for _ in range(n_apart):
        place = int(rng.integers(n_places))
        pool = np.concatenate([np.arange(sizes) + sizes * int(at)
                               for at in np.argsort(far[place])[:2]])  # fmt: skip
        group = np.sort(rng.choice(pool, int(rng.integers(3, 6)), replace=False))
        lines.append("e " + " ".join(map(str, group)))
    return "\n".join(lines) + "\n"
