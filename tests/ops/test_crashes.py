"""What was acknowledged is kept: processes killed with SIGKILL while they write, on the settings in service."""

import random
import time

PROCESSES = "tests.ops.processes"
MARK = "__main__.mark"


def call(instance, mode, *arguments):
    process = instance.open(PROCESSES, mode, *arguments)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out.split("\n")[:-1]


def killed_after(process, seconds):
    """What a process had said when it was killed."""
    time.sleep(seconds)
    process.kill()
    # Not communicate(), which reads past what an earlier readline() already has in its buffer.
    out = process.stdout.read()
    process.communicate()
    # The last line may be cut in the middle: only whole lines were acknowledged.
    return out.split("\n")[:-1]


def test_every_acknowledged_write_survives_the_death_of_its_writer(instance):
    """More than 10,000 writes, two in each transaction, by processes killed at any moment of theirs."""
    chance = random.Random(20261125)
    acknowledged = []
    for round_number in range(2):
        writers = [instance.open(PROCESSES, "write", f"{round_number}-{number}") for number in range(3)]
        for writer in writers:
            acknowledged += [writer.stdout.readline().strip() for _ in range(chance.randint(850, 1150))]
            acknowledged += killed_after(writer, chance.uniform(0, 0.1))
    assert len(acknowledged) > 5000
    assert call(instance, "check") == ["ok"]
    kept = [row.split("|")[:2] for row in call(instance, "rows", "pair")]
    halves = {half: {message for scope, message in kept if scope == half} for half in ("a", "b")}
    assert set(acknowledged) - halves["a"] == set()
    assert halves["a"] == halves["b"]


def test_jobs_of_killed_workers_run_again_and_their_effect_is_there_once(instance):
    call(instance, "enqueue", "150")
    chance = random.Random(7)
    kills = 0
    for _ in range(2):
        workers = [instance.open(PROCESSES, "work") for _ in range(2)]
        for worker in workers:
            assert worker.stdout.readline() == "ready\n"
        for worker in workers:
            killed_after(worker, chance.uniform(0.1, 0.3))
            kills += 1
        call(instance, "expire")
    call(instance, "work")
    done = [row.split("|") for row in call(instance, "rows", MARK)]
    assert len(done) == 150
    assert {status for _, _, _, status, _ in done} == {"done"}
    again = [int(attempts) for *_, attempts in done if attempts != "1"]
    assert len(again) <= kills
    effects = [row.split("|")[2] for row in call(instance, "rows", "effect")]
    assert sorted(effects) == sorted(f"effect:{number}" for number in range(150))
