from threading import Event, Thread

import pytest

from workflows.errors import Conflict
from workflows.store.mutex import FairMutex


def test_turns_come_in_order_of_arrival() -> None:
    mutex = FairMutex()
    order: list[int] = []

    def take(number: int) -> None:
        with mutex.turn():
            order.append(number)

    threads = [Thread(target=take, args=(number,)) for number in range(20)]
    with mutex.turn():
        for count, thread in enumerate(threads, start=1):
            thread.start()
            while mutex.waiting < count:
                pass
    for thread in threads:
        thread.join()
    assert order == list(range(20))


def test_who_waits_too_long_gives_up_and_the_next_one_still_gets_the_turn() -> None:
    mutex = FairMutex(patience_seconds=0.05)
    held, release = Event(), Event()

    def hold() -> None:
        with mutex.turn():
            held.set()
            assert release.wait(60)

    holder = Thread(target=hold)
    holder.start()
    assert held.wait(60)
    with pytest.raises(Conflict, match="still busy"), mutex.turn():
        pass
    release.set()
    holder.join()
    with mutex.turn():
        pass


def test_a_turn_is_given_back_when_its_holder_fails() -> None:
    mutex = FairMutex(patience_seconds=0.05)
    with pytest.raises(KeyError), mutex.turn():
        raise KeyError
    with mutex.turn():
        pass
