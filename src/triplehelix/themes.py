"""
What a theme is, and which activities belong to it.

A `Scheme` is a list of themes with the codes and the phrases that tell them. `steps` says
how the activities of an edition get their themes; docs/reference/themes.md says it in prose.
The schemes' files are read by `read.schemes`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from triplehelix.query import Calculation, Query, Step
from triplehelix.tables import EDITION, TEXT

# A phrase in passing is no theme: one in the title counts twice, one in the summary once.
ENOUGH = 2

_CODE_RULES = pa.schema([("theme", TEXT), ("scheme", TEXT), ("code", TEXT)])
_PHRASES = pa.schema([("theme", TEXT), ("phrase", TEXT)])
_ANCESTORS = pa.schema([("theme", TEXT), ("ancestor", TEXT)])


@dataclass(frozen=True, slots=True)
class Theme:
    """
    A field of life science.

    `theme` is its slug, `broader` the slug of the theme it is a part of, `roles` its value
    chain, `codes` pairs of a classification's name and a code in it; `keywords` are phrases
    that tell the theme, unless they stand within one of the phrases of `unless`.
    """

    theme: str
    label: str
    definition: str = ""
    broader: str | None = None
    roles: tuple[str, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    keywords: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scheme:
    """
    A list of themes under one name and version; equal schemes have the same `repr`.

    Examples
    --------
    >>> vaccines = Theme("vaccines", "Vaccines", broader="medicines")
    >>> scheme = Scheme("ours", "1", (Theme("medicines", "Medicines"), vaccines))
    >>> dict(scheme.ancestors())
    {'vaccines': 'medicines'}
    """

    name: str
    version: str
    themes: tuple[Theme, ...] = field(default=())

    def ancestors(self) -> Iterator[tuple[str, str]]:
        """Each theme with each theme it is a part of, at any remove."""
        broader = {each.theme: each.broader for each in self.themes}
        for theme in broader:
            above = broader[theme]
            while above is not None:
                yield theme, above
                above = broader[above]


def steps(scheme: Scheme) -> list[Step]:
    """
    From `staged_activities`, `staged_codes` and `activities` to `themes` and `activity_themes`.

    An activity has a theme because its source says so (`given`), because of a code in a
    classification (`code`: the rule's code or one below it), or because a phrase of the theme
    stands in its title, or two in its summary (`keyword`); the strongest reason is kept. A
    theme found by code or keyword gives way to a narrower one of the same activity. Each of
    an activity's n themes weighs 1/n (rounded to 9 decimals): an activity counts once.

    Parameters
    ----------
    scheme : Scheme
        Slugs distinct, each `broader` in the scheme, no cycles (`read.schemes` checks it).

    Returns
    -------
    list of steps
        The last three make `activity_themes`, `themes`, and `unknown_themes` (theme, n):
        themes given for n activities that the scheme does not have. They get no row in
        `activity_themes`; whoever runs the steps should warn of them.

    Notes
    -----
    Text is compared as words: without accents, case and punctuation. The last word of a
    phrase may also end in -s. Titles and summaries that are empty cost nothing.

    Examples
    --------
    >>> [step.makes for step in steps(Scheme("ours", "1"))][-3:]
    ['activity_themes', 'themes', 'unknown_themes']
    """
    return [
        Calculation("theme_code_rules", (), lambda: _code_rules(scheme)),
        Calculation("theme_keywords", (), lambda: _phrases(scheme, "keywords")),
        Calculation("theme_exceptions", (), lambda: _phrases(scheme, "unless")),
        Calculation("theme_ancestors", (), lambda: _ancestors(scheme)),
        Calculation("themes_of_scheme", (), lambda: _themes(scheme)),
        _given_themes(),
        _activity_codes(),
        _code_themes(),
        _keyword_phrases(),
        _exception_phrases(),
        _activity_words(),
        _keyword_candidates(),
        _keyword_themes(),
        _activity_themes(),
        Query("themes", "select * from themes_of_scheme"),
        _unknown_themes(),
    ]


def _table(rows: Iterator[tuple[str, ...]], schema: pa.Schema) -> pa.Table:
    distinct = sorted(set(rows))
    return pa.Table.from_pylist(
        [dict(zip(schema.names, row, strict=True)) for row in distinct], schema=schema
    )


def _code_rules(scheme: Scheme) -> pa.Table:
    rules = ((each.theme, *code) for each in scheme.themes for code in each.codes)
    return _table(rules, _CODE_RULES)


def _phrases(scheme: Scheme, of: str) -> pa.Table:
    pairs = ((each.theme, phrase) for each in scheme.themes for phrase in getattr(each, of))
    return _table(pairs, _PHRASES)


def _ancestors(scheme: Scheme) -> pa.Table:
    return _table(scheme.ancestors(), _ANCESTORS)


def _themes(scheme: Scheme) -> pa.Table:
    rows = [
        {"theme": each.theme, "label": each.label, "definition": each.definition or None,
         "broader": each.broader, "roles": list(each.roles), "scheme": scheme.name,
         "version": scheme.version}
        for each in sorted(scheme.themes, key=lambda each: each.theme)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=EDITION["themes"].schema)


def _given_themes() -> Query:
    return Query(
        "given_themes",
        """
        select distinct activity_id, theme
        from (select source || ':' || source_record_id as activity_id,
                     lower(trim(unnest(themes))) as theme
              from staged_activities)
        semi join activities using (activity_id)
        where theme <> ''""",
    )


def _activity_codes() -> Query:
    """Codes without slashes and full stops at their ends; `A;B` are two."""
    return Query(
        "activity_codes",
        """
        with named as (
            select source || ':' || source_record_id as activity_id, unnest(codes) as code
            from staged_activities
            union all
            select source || ':' || activity_record_id,
                   struct_pack(scheme := scheme, value := value)
            from staged_codes),
        single as (
            select activity_id, lower(trim(code.scheme)) as scheme,
                   unnest(string_split(code.value, ';')) as value
            from named semi join activities using (activity_id))
        select distinct activity_id, scheme, lower(trim(value, ' /.')) as code
        from single""",
    )


def _code_themes() -> Query:
    """A rule's code also means the codes below it: `C04` is `C04.588`, but not `C040`."""
    return Query(
        "code_themes",
        """
        with rules as (
            select theme, lower(trim(scheme)) as scheme, lower(trim(code, ' /.')) as rule
            from theme_code_rules),
        meant as (
            select distinct scheme, code, theme
            from (select distinct scheme, code from activity_codes)
            join rules using (scheme)
            where code = rule or (starts_with(code, rule)
                                  and code[length(rule) + 1] in ('/', '.', ':')))
        select distinct activity_id, theme
        from activity_codes join meant using (scheme, code)""",
    )


def _words(text: str) -> str:
    """
    SQL for a text as its words, in lower case without accents, two blanks between them.

    With two blanks, phrases that follow each other do not share one.
    """
    plain = f"lower(strip_accents({text}))"
    return rf"'  ' || trim(regexp_replace({plain}, '[^\p{{L}}\p{{N}}]+', '  ', 'g')) || '  '"


def _keyword_phrases() -> Query:
    """Each phrase between blanks, also with -s, and the word by which it is looked up."""
    return Query(
        "keyword_phrases",
        f"""
        with plain as (
            select theme, trim({_words("phrase")}) as phrase from theme_keywords),
        forms as (
            select theme, phrase from plain
            union
            -- Not after one or two letters: `phase i` is not in "the first phase is".
            select theme, phrase || 's' from plain
            where not ends_with(phrase, 's') and length(string_split(phrase, '  ')[-1]) > 2)
        select theme, ' ' || phrase || ' ' as phrase,
               string_split(phrase, '  ')[-1] as last_word,
               string_split(phrase, '  ')[-2] as word_before,
               length(string_split(phrase, '  ')) as n_words
        from forms where phrase <> ''""",
    )


def _exception_phrases() -> Query:
    """Each theme's exceptions, the longest first; an empty list for a theme without."""
    return Query(
        "exception_phrases",
        f"""
        with plain as (
            select distinct theme, unnest([words, words || 's']) as phrase
            from (select theme, trim({_words("phrase")}) as words from theme_exceptions))
        select theme, coalesce(
                   list(' ' || phrase || ' ' order by length(phrase) desc, phrase)
                       filter (phrase <> ''), []) as exceptions
        from themes_of_scheme left join plain using (theme) group by theme""",
    )


def _activity_words() -> Query:
    """The words of each title, twice, and of its summary: so the title counts double."""
    return Query(
        "activity_words",
        f"""
        select source || ':' || source_record_id as activity_id,
               {_words("concat_ws(' ', title, title, summary)")} as words
        from staged_activities
        semi join activities
          on activities.activity_id = staged_activities.source || ':' || source_record_id
        where coalesce(title, '') <> '' or coalesce(summary, '') <> ''""",
    )


def _keyword_candidates() -> Query:
    """
    The phrases that stand in each activity's words.

    They are looked up by their last two words; only those of three words and more, which are
    few, are then looked for in the text as a whole.
    """
    return Query(
        "keyword_candidates",
        """
        with listed as (
            select activity_id, string_split(trim(words), '  ') as word from activity_words),
        pairs as (
            select activity_id, unnest(word) as last_word,
                   unnest(list_prepend('', word[:-2])) as before
            from listed),
        near as (
            select distinct activity_id, theme, phrase, n_words
            from pairs join keyword_phrases using (last_word)
            where word_before is null or word_before = before),
        found as (
            select activity_id, theme, phrase from near where n_words < 3
            union all
            select activity_id, theme, phrase from near join activity_words using (activity_id)
            where n_words >= 3 and contains(words, phrase))
        select activity_id, theme, list(phrase order by length(phrase) desc, phrase) as phrases
        from found group by activity_id, theme""",
    )


def _keyword_themes() -> Query:
    """
    Themes whose phrases stand in an activity's words at least `ENOUGH` times.

    The longest phrase is counted first and blotted out, so that no words count twice; the
    exceptions are blotted out before. No sign but letters and digits is left in the words.
    """
    return Query(
        "keyword_themes",
        """
        with found as (
            select activity_id, theme,
                   list_reduce(list_prepend(words, exceptions),
                               lambda text, phrase: replace(text, phrase, ' | ')) as words,
                   phrases
            from keyword_candidates
            join activity_words using (activity_id)
            join exception_phrases using (theme)),
        marked as (
            select activity_id, theme,
                   list_reduce(list_prepend(words, phrases),
                               lambda text, phrase: replace(text, phrase, ' # ')) as words
            from found)
        select activity_id, theme from marked
        where length(words) - length(replace(words, '#', '')) >= $enough""",
        {"enough": ENOUGH},
    )


def _activity_themes() -> Query:
    return Query(
        "activity_themes",
        """
        with reasons as (
            select activity_id, theme, 1 as strength from given_themes
            semi join themes_of_scheme using (theme)
            union all select activity_id, theme, 2 from code_themes
            union all select activity_id, theme, 3 from keyword_themes),
        strongest as (
            select activity_id, theme, min(strength) as strength from reasons group by all),
        outdone as (
            select distinct s.activity_id, a.ancestor as theme
            from strongest s join theme_ancestors a using (theme)),
        kept as (
            select activity_id, theme, strength from strongest s
            where strength = 1 or not exists (
                from outdone o where o.activity_id = s.activity_id and o.theme = s.theme))
        select activity_id, theme,
               round(1.0::double / count(*) over (partition by activity_id), 9) as weight,
               ['given', 'code', 'keyword'][strength] as how
        from kept""",
    )


def _unknown_themes() -> Query:
    return Query(
        "unknown_themes",
        """
        select theme, count(*) as n from given_themes
        anti join themes_of_scheme using (theme) group by theme order by theme""",
    )
