"""What the server must reach. Each line: the scenarios, what they are compared with, the floor and the goal."""
import collections

DATABASES = {'sqlite': 'SQLite', 'pg': 'PostgreSQL'}

# compared: a system (rates, ours divided by its); 'bare' (rate, share of bare Kestrel's); 'start' (time, ours divided by own's);
# 'memory' (megabytes). In the last two, less is better. A goal that depends on the database is written by database.
Target = collections.namedtuple('Target', 'scenarios compared floor goal')

TARGETS = [
    Target(['client_credentials'], 'node', 4, 7.5),
    Target(['authorize'], 'node', 4, dict(sqlite=14, pg=7)),
    Target(['code_flow'], 'node', 2.5, 4.9),
    Target(['code_flow:web-es256'], 'node', 4, 8.9),
    Target(['refresh'], 'node', 2.5, 3.9),
    Target(['refresh:web-es256'], 'node', 4.5, 11),
    Target(['userinfo', 'introspection'], 'node', 2.5, 6),
    Target(['discovery', 'jwks'], 'bare', 0.6, 0.85),
    # Rows that write or check a secret.
    Target(['client_credentials', 'authorize', 'code_flow', 'code_flow:spa', 'refresh', 'refresh:spa', 'introspection'], 'openiddict', 10, 40),
    Target(['userinfo'], 'openiddict', 6, 15),
    Target(['discovery', 'jwks'], 'openiddict', 1.5, 2),
    Target(['process'], 'start', 1.5, 1),
    Target(['process'], 'memory', 180, 150),
]

WORDS = {
    'node': ('÷ oidc-provider', '{:.1f}'), 'openiddict': ('÷ OpenIddict', '{:.1f}'), 'bare': ('of bare Kestrel', '{:.0%}'),
    'start': ('start to first answer, ÷ own', '{:.2f}'), 'memory': ('memory after the runs, MB', '{:.0f}'),
}


def table(measured):
    """
    One line for each target that was measured on a database. `measured(scenario, compared, kind)` gives the figure or None; lines
    without a figure are left out and counted.
    """
    out, missing = ['| work | database | measured | floor | goal | |', '|---|---|--:|--:|--:|---|'], 0
    for target in TARGETS:
        for scenario in target.scenarios:
            for kind, database in DATABASES.items():
                value = measured(scenario, target.compared, kind)
                if value is None:
                    missing += 1
                    continue
                goal = target.goal[kind] if isinstance(target.goal, dict) else target.goal
                words, form = WORDS[target.compared]
                figures = ' | '.join(form.format(x) for x in (value, target.floor, goal))
                work = words if scenario == 'process' else f'{scenario} {words}'
                out.append(f'| {work} | {database} | {figures} | {mark(value, target.floor, goal)} |')
    return out + ([f'\n{missing} lines of targets.py were not measured in this run.'] if missing else [])


def mark(value, floor, goal):
    """Where the floor is greater than the goal, less is better."""
    enough = (lambda limit: value <= limit) if floor > goal else (lambda limit: value >= limit)
    return '**below floor**' if not enough(floor) else 'reached, and the goal' if enough(goal) else 'reached'
