"""The steps of a repair: first among what a loss touches, then among everything."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from triplehelix.ally.alliance import Alliance
from triplehelix.ally.answer import could_give
from triplehelix.ally.assets import Landscape
from triplehelix.ally.build import alliance_of
from triplehelix.ally.call import Call
from triplehelix.ally.gaps import Explaining, partly, unmet_wishes
from triplehelix.ally.keeping import agreed
from triplehelix.ally.mending import added
from triplehelix.ally.model import Model, compile_model
from triplehelix.ally.narrowing import among, touched_by, with_rivals, with_short
from triplehelix.ally.offers import Floats, Ints
from triplehelix.ally.question import Narrowed, Question
from triplehelix.ally.solver import nothing
from triplehelix.ally.taking_back import TakingBack
from triplehelix.ally.timing import Within
from triplehelix.optimise.outcome import Limits
from triplehelix.optimise.pooling import Pooled
from triplehelix.optimise.pooling_flow import could_be_met

# How often what is kept may turn out to cover less than was thought before all is looked at.
_LOOKS = 3


@dataclass(frozen=True)
class Repairing:
    """
    A repair of `before`; `call` has the losses excluded, `put` puts it to the landscape.

    Looked at narrowly it is soon done, and what it finds is a repair of the whole: only needs
    that lost something change, unless nothing else is enough.
    """

    before: Alliance
    losses: frozenset[str]
    call: Call
    landscape: Landscape
    put: Callable[[Call, Narrowed | None], Question]
    solver: Within
    limits: Limits

    def narrowly(self) -> Alliance | None:
        """
        The repair among the needs that lost something, then with their rivals; None: no such.

        Where all that is there could not meet them if it served nobody else, there is no repair
        anywhere, and the answer is what can be covered.
        """
        narrowed = touched_by(self.before, self.losses, self.landscape)
        narrowed, model, kept = self._looked_at(narrowed)
        if model.broken:
            return None
        if not could_be_met(model.pooling, _demands(model)):
            return self._partly(narrowed, model)
        pooled = added(model, kept, self.solver, self.limits)
        if pooled.status == "infeasible":
            _, rivals, theirs = self._looked_at(with_rivals(narrowed, model, kept))
            if not could_be_met(rivals.pooling, _demands(rivals)):
                return self._partly(narrowed, model)
            model, kept = rivals, theirs
            pooled = TakingBack(model, kept, self.solver, self.limits).nearby()
        return None if pooled.objective is None else self._with_all_to_spare(model, pooled)

    def _partly(self, narrowed: Narrowed | None, model: Model) -> Alliance:
        """What can be covered beside what is agreed, and what is missing."""
        asking = Explaining(
            lambda call: self.put(call, narrowed), self.solver, self.limits, self.solver.over,
            self._kept,
        )  # fmt: skip
        return partly(model, asking)

    def wholly(self) -> Alliance:
        """The repair among everything; what can be covered where there is none."""
        model = compile_model(self.put(self.call, None))
        kept = self._kept(model)
        pooled = nothing("infeasible")
        if not model.broken:
            pooled = added(model, kept, self.solver, self.limits)
            if pooled.objective is None:
                pooled = TakingBack(model, kept, self.solver, self.limits).anywhere()
        if pooled.status != "infeasible":
            return _built(model, pooled)
        return self._partly(None, model)

    def _looked_at(self, narrowed: Narrowed) -> tuple[Narrowed, Model, Floats]:
        """A model in which every need that is not looked at whole is met by what is kept."""
        for _ in range(_LOOKS):
            model = compile_model(self.put(self.call, narrowed))
            kept = self._kept(model)
            wider = with_short(narrowed, model, kept)
            if wider == narrowed:
                break
            narrowed = wider
        return narrowed, model, kept

    def _kept(self, model: Model) -> Floats:
        return agreed(model, self.before, self.losses)

    def _with_all_to_spare(self, model: Model, pooled: Pooled) -> Alliance:
        """The alliance; what new partners could give to needs not looked at whole counts too."""
        found = _built(model, pooled)
        new = set(found.partners) - set(self.before.partners)
        if not new:
            return found
        theirs = compile_model(self.put(self.call, among(new, self.landscape)))
        pooled = replace(
            pooled, amount=agreed(theirs, found, frozenset()),
            partners=tuple(p for p, name in enumerate(theirs.parts.partners) if name in new),
        )  # fmt: skip
        more = could_give(theirs, pooled)
        whole = _whole(model)
        added_there = {need: much for need, much in more.items() if need not in whole}
        coverage = (
            replace(one, to_spare=one.to_spare + added_there.get(one.need, 0.0))
            for one in found.coverage
        )
        return replace(found, coverage=tuple(coverage))


def _built(model: Model, pooled: Pooled) -> Alliance:
    # Its bound is one of the changes; how far a free choice would be from this is not known.
    found = alliance_of(model, replace(pooled, bound=None))
    return replace(found, gaps=unmet_wishes(model, pooled)) if found.partners else found


def _demands(model: Model) -> Ints:
    """The demands of the needs that are looked at whole."""
    whole, asked = _whole(model), model.parts.question.asked
    return np.array([d for d, one in enumerate(model.parts.laid.demands)
                     if asked[one.n].need.need in whole], dtype=np.int64)  # fmt: skip


def _whole(model: Model) -> frozenset[str]:
    narrowed = model.parts.question.narrowed
    assert narrowed is not None
    return narrowed.needs
