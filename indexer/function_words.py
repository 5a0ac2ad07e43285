"""Function words: those that a sentence needs and a search does not.

They are the closed classes of the grammar, so that the list is complete by its nature. They stay in
the index, for phrases and exact forms; only ranking and counting a query's words leave them out.
"""

from __future__ import annotations

# Articles and determiners, pronouns, question words, prepositions, conjunctions, auxiliaries,
# adverbs that only place or grade, contractions. Left out are words that are also names in small
# letters, or that change what is asked: us, may, will, own, without, against.
_ENGLISH = """
    a an the all any each every some such no other another same this that these those
    i me my mine myself we our ours ourselves you your yours yourself yourselves he him his
    himself she her hers herself it its itself they them their theirs themselves
    who whom whose which what when where why how
    about above across after along among around as at before behind below beneath beside between
    beyond by despite down during except for from in into near of off on onto out over per since
    than through throughout till to toward towards under until up upon via with within
    and or but nor if because so although though unless while whereas whether either neither
    both yet
    am is are was were be been being have has had having do does did doing would should could can
    cannot might must shall ought
    not there here then thus also just only too very more most again once ever
    don't doesn't didn't isn't aren't wasn't weren't haven't hasn't hadn't won't wouldn't can't
    couldn't shouldn't mustn't i'm i've i'd i'll you're you've you'd you'll he'd he'll she'd
    she'll it'd it'll we're we've we'd we'll they're they've they'd they'll that'd that'll who'd
    who'll who've there'd there'll let's
"""

FUNCTION_WORDS = frozenset(_ENGLISH.split())


def is_function_word(word: str, *, among_small_letters: bool) -> bool:
    """Return whether a query's word is a function word.

    In capitals among small letters it is a name: WHO, IT.
    """
    is_name = among_small_letters and len(word) > 1 and word.isupper()
    return not is_name and word.lower().replace("’", "'") in FUNCTION_WORDS
