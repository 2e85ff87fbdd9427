"""The gravity model: against statsmodels and pyfixest, brute force, planted truth, by law."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from triplehelix.errors import InputError
from triplehelix.link import Nodes, gravity, pair_columns, ppml


def sampled(n=400, k=3, seed=0):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.normal(size=(n, k))])
    y = rng.gamma(0.7, np.exp(0.3 + 0.4 * x[:, 1] - 0.8 * x[:, 2]) / 0.7)
    y[rng.random(n) < 0.4] = 0
    return y, x


@pytest.mark.parametrize("seed", range(3))
def test_agrees_with_statsmodels_weighted_or_not(seed):
    families = pytest.importorskip("statsmodels.api")
    y, x = sampled(seed=seed)
    weight = np.random.default_rng(seed).uniform(0.5, 3, len(y))
    poisson = families.families.Poisson()
    plain = families.GLM(y, x, family=poisson).fit(cov_type="HC0", tol=1e-12)
    fit = ppml(y, x)
    np.testing.assert_allclose(fit.coefficients, plain.params, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(fit.covariance, plain.cov_params(), rtol=1e-5, atol=1e-9)
    weighted = families.GLM(y, x, family=poisson, freq_weights=weight).fit(tol=1e-12)
    np.testing.assert_allclose(
        ppml(y, x, weight=weight).coefficients, weighted.params, rtol=1e-6, atol=1e-8
    )


def test_shrunken_weights_are_those_that_scipy_finds():
    """The maximum of the likelihood times a normal prior of each weight, the constant free."""
    rng = np.random.default_rng(3)
    x = np.column_stack([np.ones(80), rng.normal(0, 2, 80), rng.normal(5, 0.5, 80)])
    y, w = rng.poisson(1.5, 80).astype(float), rng.uniform(1, 3, 80)
    spread = np.cov(x[:, 1:].T, aweights=w, ddof=0).diagonal()

    def loss(beta):
        eta = x @ beta
        return np.sum(w * (np.exp(eta) - y * eta)) + 7 / 2 * np.sum(spread * beta[1:] ** 2)

    expected = minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-7}).x
    found = ppml(y, x, weight=w, shrink=7.0)
    np.testing.assert_allclose(found.coefficients, expected, atol=1e-5)
    # Columns that say nearly the same share their weight; unshrunken, they pull apart.
    twin = np.column_stack([x[:, :2], x[:, 1] + rng.normal(0, 1e-3, 80)])
    weights = ppml(y, twin, weight=w, shrink=7.0).coefficients
    assert weights[1] == pytest.approx(weights[2], abs=0.01)


def test_agrees_with_pyfixest():
    fixest = pytest.importorskip("pyfixest")
    y, x = sampled(seed=9)
    frame = pd.DataFrame(x[:, 1:], columns=["a", "b", "c"]).assign(y=y)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of what pandas will change one day
        found = fixest.fepois("y ~ a + b + c", data=frame, vcov="iid")
    np.testing.assert_allclose(
        ppml(y, x).coefficients, found.coef().to_numpy(), rtol=1e-5, atol=1e-7
    )


def test_errors_of_pairs_are_the_double_sum_over_pairs_that_share_a_node():
    rng = np.random.default_rng(5)
    first, second = np.triu_indices(30, 1)
    y, x = sampled(len(first), 2, seed=5)
    order = rng.permutation(len(first))
    first, second = first[order], second[order]
    fit = ppml(y, x, ends=(first, second))
    mean = np.exp(x @ fit.coefficients)
    scores = x * (y - mean)[:, None]
    meat = np.zeros((3, 3))
    for p in range(len(first)):
        for q in range(len(first)):
            if {first[p], second[p]} & {first[q], second[q]}:
                meat += np.outer(scores[p], scores[q])
    bread = np.linalg.inv((x * mean[:, None]).T @ x)
    assert np.linalg.eigvalsh(meat).min() > 0
    np.testing.assert_allclose(fit.covariance, bread @ meat @ bread, rtol=1e-6, atol=1e-9)


def test_no_variance_is_negative_however_few_nodes():
    """Four nodes: the sum over pairs that share one comes out negative for some draws."""
    first, second = np.triu_indices(4, 1)
    rng = np.random.default_rng(0)
    for _ in range(50):
        x = np.column_stack([np.ones(6), rng.normal(size=6)])
        fit = ppml(rng.gamma(1, 1, 6), x, ends=(first, second))
        assert np.linalg.eigvalsh(fit.covariance).min() > -1e-12


def test_columns_that_say_nothing_new_are_left_out():
    y, x = sampled()
    twice = np.column_stack([x, x[:, 1] * 2, np.zeros(len(y))])
    fit = ppml(y, twice)
    assert fit.used.tolist() == [True] * 4 + [False] * 2
    np.testing.assert_allclose(fit.coefficients[:4], ppml(y, x).coefficients)
    assert (fit.coefficients[4:] == 0).all()


def test_expectations_add_up_to_what_was_seen():
    """The first-order condition of the constant (and of each indicator)."""
    y, x = sampled(seed=3)
    x[:, 1] = x[:, 1] > 0
    found = gravity(y, x, ends=(np.arange(len(y)), np.arange(len(y)) + 1000), names=tuple("abcd"))
    assert found.expected.sum() == pytest.approx(y.sum())
    assert found.expected[x[:, 1] == 1].sum() == pytest.approx(y[x[:, 1] == 1].sum())


def world(rng, n=40):
    lat, lon = rng.uniform(45, 55, n), rng.uniform(0, 20, n)
    country = np.array(["GB", "FR", "DE", "AT"])[rng.integers(0, 4, n)]
    return Nodes(
        rng.uniform(1, 50, n), lat, lon, country, rng.dirichlet([1, 1, 1], n),
        {"DE": ("de",), "AT": ("de",), "GB": ("en",), "FR": ("fr",)},
    )  # fmt: skip


def test_planted_model_is_found_again():
    rng = np.random.default_rng(1)
    nodes = world(rng, 120)
    first, second = np.triu_indices(120, 1)
    columns = pair_columns(nodes, first, second)
    truth = np.array([-1.0, 0.6, -0.5, 0.8, 0.3, 0.7])
    found = gravity(rng.poisson(np.exp(columns @ truth)), columns, ends=(first, second))
    assert (np.abs(found.coefficients - truth) < 4 * found.errors).all()
    assert (np.abs(found.coefficients - truth) < 0.3).all()


def test_planted_surprise_stands_out():
    rng = np.random.default_rng(7)
    first, second = np.triu_indices(40, 1)
    columns = pair_columns(world(rng), first, second)
    weight = rng.poisson(np.exp(columns @ [-1.0, 0.6, -0.5, 0.8, 0.3, 0.7])).astype(float)
    weight[10] += 60
    bounds = (np.maximum(weight - 2 * np.sqrt(weight), 0), weight + 2 * np.sqrt(weight) + 3.7)
    found = gravity(weight, columns, ends=(first, second), bounds=bounds)
    assert found.residual.argmax() == 10
    assert found.residual_low[10] > 0
    assert ((found.residual_low <= found.residual) & (found.residual <= found.residual_high)).all()


def test_columns_by_hand():
    """Vienna and Berlin speak one language over a border; one degree of latitude is 111.2 km."""
    nodes = Nodes(
        [2, 5, 1], [48, 49, np.nan], [16, 16, np.nan], ["AT", "DE", ""],
        [[3, 4], [4, 3], [0, 0]], {"AT": ("de",), "DE": ("de",)},
    )  # fmt: skip
    found = pair_columns(nodes, [0, 0], [1, 2])
    np.testing.assert_allclose(found[0], [1, np.log(10), np.log(111.195), 0, 1, 24 / 25], rtol=1e-4)
    np.testing.assert_allclose(found[1], [1, np.log(2), np.log(111.195), 0, 0, 0], rtol=1e-4)


def test_neighbours_in_a_town_are_ten_km_apart():
    nodes = Nodes([1, 1], [50, 50], [1, 1], ["GB", "GB"], [[1], [1]])
    assert pair_columns(nodes, [0], [1])[0, 2] == pytest.approx(np.log(10))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: ppml([0, 0], [[1], [1]]), "nothing was observed"),
        (lambda: ppml([1, -1], [[1], [1]]), r"observed holds -1.0 \(1 such\)"),
        (lambda: ppml([1, 1], [[1], [np.nan]]), "columns holds nan"),
        (lambda: ppml([1, 1], [[1]]), "give one row of columns"),
        (
            lambda: gravity([1, 2], [[1], [1]], ends=([0, 0], [1, 2]), bounds=([2, 2], [3, 3])),
            r"weight\[0\] is 1.0, outside its bounds 2.0 to 3.0",
        ),
        (
            lambda: pair_columns(Nodes([0], [1], [1], ["GB"], [[1]]), [], []),
            r"size\[0\] is 0.0 .*without activity",
        ),
        (lambda: pair_columns(Nodes([1, 2], [1], [1], ["GB"], [[1]]), [], []), "2 sizes, 1 lat"),
    ],
)
def test_wrong_use_is_named(call, words):
    with pytest.raises(InputError, match=words):
        call()
