"""The days of a live-blog's posts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.times.stamps import Stamp, parse_stamp
from pipeline.core.times.timelines import resolve_dates


def stamps(*lines: str) -> list[Stamp]:
    return [stamp for line in lines if (stamp := parse_stamp(line))]


def test_undated_posts_above_dated_ones_are_the_next_day() -> None:
    dates = resolve_dates(
        stamps("12:14", "00:01", "21 January 2025 23:02", "21 January 2025 17:00")
    )

    assert dates == ["2025-01-22", "2025-01-22", "2025-01-21", "2025-01-21"]


def test_undated_posts_are_the_next_day_even_if_the_clock_does_not_leap() -> None:
    dates = resolve_dates(
        stamps("23:30", "21 January 2025 23:02", "21 January 2025 17:00", "21 January 2025 9:00")
    )

    assert dates[0] == "2025-01-22"


def test_clock_that_leaps_turns_the_day() -> None:
    newest_first = resolve_dates(stamps("2 May 2025 01:00", "00:10", "23:00", "01:00", "22:00"))
    oldest_first = resolve_dates(stamps("2 May 2025 20:00", "22:10", "00:30", "01:00"))

    assert newest_first == ["2025-05-02", "2025-05-02", "2025-05-01", "2025-05-01", "2025-04-30"]
    assert oldest_first == ["2025-05-02", "2025-05-02", "2025-05-03", "2025-05-03"]


def test_posts_a_little_out_of_order_stay_on_their_day() -> None:
    assert set(resolve_dates(stamps("2 May 2025 12:00", "11:00", "11:20", "10:00"))) == {
        "2025-05-02"
    }


def test_page_date_is_the_day_of_the_newest_post_if_it_says_updated() -> None:
    (page,) = stamps("Updated 2 May 2025 00:40")

    assert resolve_dates(stamps("00:30", "23:10"), page) == ["2025-05-02", "2025-05-01"]
    assert resolve_dates(stamps("23:10", "00:30"), page) == ["2025-05-01", "2025-05-02"]


def test_age_counts_from_the_time_of_the_page() -> None:
    (page,) = stamps("Updated 2 May 2025 00:40")

    assert resolve_dates(stamps("10m ago", "2h ago", "yesterday"), page) == [
        "2025-05-02",
        "2025-05-01",
        "2025-05-01",
    ]


def test_day_without_a_year_takes_the_year_of_the_page() -> None:
    (page,) = stamps("2 May 2025")

    assert resolve_dates(stamps("1 May 14:00", "30 April 9:00"), page) == [
        "2025-05-01",
        "2025-04-30",
    ]


def test_page_without_any_date_gives_none() -> None:
    assert resolve_dates(stamps("12:14", "11:00")) == [None, None]
    assert resolve_dates(stamps("2h ago", "3h ago")) == [None, None]
    assert resolve_dates([]) == []


STAMP = st.builds(
    Stamp,
    date=st.none() | st.sampled_from(["2025-01-21", "2025-01-22", "1900-01-01", "2100-12-31"]),
    minutes=st.none() | st.integers(0, 1439),
    author=st.none(),
    is_rich=st.booleans(),
)


@given(st.lists(STAMP, max_size=12))
def test_stated_dates_are_kept_and_gaps_filled_if_any_is_stated(posts: list[Stamp]) -> None:
    dates = resolve_dates(posts)

    assert len(dates) == len(posts)
    for post, date in zip(posts, dates, strict=True):
        assert post.date is None or post.date == date
    assert all(dates) or not any(post.date for post in posts)
