"""The driver of durable-rules: sound on programs within its limits, and refusing all others.

Whatever could end the process runs in a child, so that a crash is one failed test.
"""

import json
import subprocess
import sys
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.engine.durable import Clause, Engine, Program, ProgramRefused, check_names, fnv1a

PRELUDE = """
import os, random, resource, threading, time
from motcua.engine import durable
from motcua.engine.durable import Clause, Engine, Program

def program(rules=60, atoms=90, seed=1):
    rng = random.Random(seed)
    first = [Clause(tuple(rng.sample(range(atoms), 3)), (), number) for number in range(rules // 3)]
    return Program((*first, *(Clause(tuple(rng.sample(range(atoms), 2)), tuple(rng.sample(range(rules // 3), 2)),
                                     rules + number) for number in range(rules - rules // 3))))

def dossiers(count, atoms=90, seed=2):
    rng = random.Random(seed)
    return [frozenset(a for a in range(atoms) if rng.random() < density)
            for density in rng.choices([0, 0.02, 0.5, 0.8, 0.95, 1], k=count)]

def concluded(engine, plan, true):
    return frozenset(plan.clauses[number].concludes for number in engine.run(true))

def check(engine, plan, count, seed=2):
    for true in dossiers(count, seed=seed):
        assert concluded(engine, plan, true) == plan.follow(true)
"""


def survive(code: str, **environment: str) -> str:
    """Run ``code`` in a child process, which must end well; its output."""
    import os

    done = subprocess.run([sys.executable, "-c", PRELUDE + textwrap.dedent(code)], capture_output=True, text=True,
                          timeout=60, env={**os.environ, **environment})
    assert done.returncode == 0, f"ended with {done.returncode}:\n{done.stderr}"
    return done.stdout


@st.composite
def programs(draw: st.DrawFn) -> Program:
    atoms = draw(st.integers(1, 40))
    clauses: list[Clause] = []
    for number in range(draw(st.integers(1, 40))):
        own = draw(st.sets(st.integers(0, atoms - 1), max_size=4))
        needs = draw(st.sets(st.integers(0, number - 1), max_size=3)) if number else set()
        # sometimes another way to a conclusion that no clause has read so far, else a new one
        unread = [each.concludes for each in clauses if not any(each.concludes in other.needs for other in clauses)]
        concludes = draw(st.sampled_from([number, *(one for one in unread if one not in needs)]))
        clauses.append(Clause(tuple(own or {0}) if not needs else tuple(own), tuple(needs), concludes))
    return Program(tuple(clauses))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_engine_concludes_what_follows_and_nothing_else(data):
    plan = data.draw(programs())
    engine = Engine(plan)
    every = sorted({atom for clause in plan.clauses for atom in clause.atoms})
    for true in [frozenset(), frozenset(every), data.draw(st.frozensets(st.sampled_from([0, *every])))]:
        fired = engine.run(true)
        assert {plan.clauses[number].concludes for number in fired} == plan.follow(true)
        assert len(fired) == len(set(fired))


@settings(max_examples=100, deadline=None)
@given(programs())
def test_causes_fire_before_their_effects(plan):
    every = frozenset(atom for clause in plan.clauses for atom in clause.atoms)
    concluded: set[int] = set()
    for number in Engine(plan).run(every):
        assert concluded.issuperset(plan.clauses[number].needs)
        concluded.add(plan.clauses[number].concludes)


def test_every_clause_whose_conditions_hold_fires_even_where_two_conclude_the_same():
    plan = Program((Clause((1,), (), 5), Clause((2,), (), 5), Clause((3,), (5,), 6)))
    assert sorted(Engine(plan).run(frozenset({1, 2, 3}))) == [0, 1, 2]


def test_a_clause_may_rest_on_conclusions_alone():
    plan = Program((Clause((1,), (), 0), Clause((2,), (), 1), Clause((), (0, 1), 2)))
    assert Engine(plan).run(frozenset({1, 2}))[-1] == 2
    assert Engine(plan).run(frozenset({1})) == [0]


def test_atoms_that_no_rule_knows_are_of_no_account():
    assert Engine(Program((Clause((1,), (), 0),))).run(frozenset({7, 900})) == []


def test_a_program_survives_its_plain_form():
    plan = Program((Clause((1, 2), (), 0), Clause((3,), (0,), 1)))
    assert Program.from_plain(json.loads(json.dumps(plan.to_plain()))) == plan


@pytest.mark.parametrize(("clauses", "what"), [
    (tuple(Clause((0,), (), number) for number in range(4097)), "4097 rules"),
    (tuple(Clause((0,), (number - 1,) if number else (), number) for number in range(501)), "501 groups"),
    (tuple(Clause(tuple(range(20 * n, 20 * n + 20)), (), n) for n in range(16)), "320 conditions in one"),
    ((Clause((), (), 1),), "without condition"),
    ((Clause((1, 1), (), 1),), "twice"),
    ((Clause((1,), (3,), 2), Clause((1,), (2,), 3)), "rests on itself"),
])
def test_a_program_beyond_a_limit_of_durable_rules_is_refused(clauses, what):
    with pytest.raises(ProgramRefused, match=what):
        Program(clauses)


def test_names_that_fall_together_in_the_hash_of_durable_rules_are_refused():
    assert fnv1a("costarring") == fnv1a("liquid")
    with pytest.raises(ProgramRefused, match="'liquid' from 'costarring'"):
        check_names(["g", "costarring", "liquid"])


def test_the_names_made_for_large_programs_are_all_told_apart():
    Program(tuple(Clause((number,), (), number) for number in range(4096)))


def test_a_first_check_in_which_nothing_fires_does_not_crash():
    survive("""
        plan = program()
        for _ in range(50):
            engine = Engine(plan)
            assert engine.run(frozenset({0})) == []
            assert engine.run(frozenset()) == []
            check(engine, plan, 20)
        """, MALLOC_PERTURB_="165")


def test_all_atoms_true_in_a_program_of_400_rules():
    survive("""
        plan = program(400, 600)
        engine = Engine(plan)
        for true in (frozenset(range(600)), frozenset(range(0, 600, 2)), frozenset(range(600))):
            assert concluded(engine, plan, true) == plan.follow(true)
        """, MALLOC_PERTURB_="90")


def test_the_widest_groups_and_longest_chains_allowed_work():
    survive("""
        wide = [Clause(tuple(range(15 * n, 15 * n + 15)), (), n) for n in range(16)]
        join = Clause((0,), tuple(range(16)), 99)
        readers = [Clause((n,), (0,), 1000 + n) for n in range(300)]
        chain = [Clause((), (99 if not n else 2000 + n - 1,), 2000 + n) for n in range(400)]
        plan = Program((*wide, join, *readers, *chain))
        engine = Engine(plan)
        for true in (frozenset(range(600)), frozenset(range(1, 600)), frozenset(range(600))):
            assert concluded(engine, plan, true) == plan.follow(true)
        assert len(engine.run(true)) == 16 + 1 + 300 + 400
        """, MALLOC_PERTURB_="165")


def test_eight_threads_share_one_engine():
    survive("""
        import sys
        sys.setswitchinterval(1e-6)
        plan = program()
        engine = Engine(plan)
        failures = []
        def work(seed):
            try:
                check(engine, plan, 300, seed)
            except BaseException as error:
                failures.append(error)
        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert not failures, failures
        """, MALLOC_PERTURB_="165")


def test_engines_are_built_and_dropped_while_others_run():
    survive("""
        plan = program()
        engine = Engine(plan)
        stop = threading.Event()
        failures = []
        def work():
            try:
                while not stop.is_set():
                    check(engine, plan, 20)
            except BaseException as error:
                failures.append(error)
        threads = [threading.Thread(target=work) for _ in range(3)]
        [thread.start() for thread in threads]
        for seed in range(100):
            other = program(seed=seed)
            check(Engine(other), other, 3)
        stop.set()
        [thread.join() for thread in threads]
        assert not failures, failures
        """)


CHILDREN_END_WELL = """
def in_children(count, work):
    children = []
    for _ in range(count):
        child = os.fork()
        if not child:
            try:
                work()
                os._exit(0)
            except BaseException as error:
                print(repr(error), flush=True)
                os._exit(1)
        children.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
"""


def test_forked_workers_and_their_parent_go_on():
    survive(CHILDREN_END_WELL + textwrap.dedent("""
        plan = program()
        engine = Engine(plan)
        check(engine, plan, 50)
        assert in_children(4, lambda: check(engine, plan, 100)) == [0, 0, 0, 0]
        check(engine, plan, 100)
        """))


def test_a_fork_in_the_middle_of_another_threads_check_leaves_neither_lock_nor_facts():
    survive(CHILDREN_END_WELL + textwrap.dedent("""
        plan = program()
        engine = Engine(plan)
        held, go_on = threading.Event(), threading.Event()
        class Halting:
            def __getattr__(self, name):
                return getattr(real, name)
            def start_action_for_state(self, *args):
                if threading.current_thread() is holder:
                    held.set()
                    go_on.wait()
                return real.start_action_for_state(*args)
        real, durable._c = durable._c, Halting()
        holder = threading.Thread(target=lambda: engine.run(frozenset(range(90))))
        holder.start()
        held.wait()
        assert in_children(3, lambda: check(engine, plan, 50)) == [0, 0, 0]
        go_on.set()
        holder.join()
        check(engine, plan, 50)
        """))


def test_an_interrupt_at_any_call_leaves_no_fact_behind():
    survive("""
        plan = program()
        engine = Engine(plan)
        rng = random.Random(5)
        class Failing:
            def __getattr__(self, name):
                if armed and name in ("assert_fact", "start_action_for_state", "complete_and_start_action",
                                      "retract_fact", "delete_state") and rng.random() < 0.05:
                    raise KeyboardInterrupt
                return getattr(real, name)
        real, durable._c = durable._c, Failing()
        interrupted = 0
        for true in dossiers(300):
            armed = True
            try:
                engine.run(true)
            except KeyboardInterrupt:
                interrupted += 1
            armed = False
            assert concluded(engine, plan, true) == plan.follow(true)
        assert interrupted > 50, interrupted
        """, MALLOC_PERTURB_="165")


def test_a_refused_fact_is_an_error_and_the_next_check_is_right():
    survive("""
        plan = program()
        engine = Engine(plan)
        wide = engine._strata[-1][0]
        head = wide.head
        for number in range(200):
            wide.head = head[:-1] + "oops"
            try:
                engine.run(frozenset(range(90)))
            except Exception as error:
                pass
            else:
                raise SystemExit("a broken fact was taken")
            wide.head = head
            check(engine, plan, 2, number)
        """, MALLOC_PERTURB_="165")


@pytest.mark.parametrize("runs", [1, 2, 7])
def test_a_session_begun_anew_between_checks_changes_nothing(runs):
    survive(f"""
        durable.RUNS_A_SESSION = {runs}
        plan = program()
        check(Engine(plan), plan, 200)
        """, MALLOC_PERTURB_="165")


def test_a_fact_left_behind_by_a_check_is_refused_by_the_next_and_gone_after_that():
    survive("""
        plan = program()
        engine = Engine(plan)
        class Forgetful:
            def __getattr__(self, name):
                return getattr(real, name)
            def retract_fact(self, handle, fact):
                return 0
        every = frozenset(range(90))
        for number in range(50):
            real, durable._c = durable._c, Forgetful()
            engine.run(every)
            durable._c = real
            try:
                engine.run(every)
            except Exception:
                pass
            else:
                raise SystemExit("a fact left behind went unseen")
            check(engine, plan, 5, number)
        """, MALLOC_PERTURB_="165")


def test_twenty_thousand_checks_take_no_more_memory():
    grown = survive("""
        plan = program(40, 60)
        engine = Engine(plan)
        cases = dossiers(100, 60)
        def kilobytes():
            return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() // 1024
        for true in cases * 5:
            engine.run(true)
        before = kilobytes()
        for true in cases * 200:
            engine.run(true)
        print(kilobytes() - before)
        """)
    assert int(grown) < 1024
