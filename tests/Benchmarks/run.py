#!/usr/bin/env python3
"""Measures our server and a peer in turn, on the same databases, in one run. See README.md.

  run.py [--ours PUBLISHED_FOLDER] [--only name,name] [--scenarios a,b] [--reps 3] [--quick] [--out results.jsonl]
  run.py --table results.jsonl        prints the tables of an earlier run
"""
import argparse, json, os, shutil, subprocess, tempfile, time
import measure, report, servers

SCENARIOS = ['discovery', 'jwks', 'client_credentials', 'authorize', 'code_flow', 'code_flow:spa', 'refresh', 'refresh:spa', 'userinfo', 'introspection']
OURS_ALONE = ['client_credentials:machine-rs256', 'code_flow:web-rs256', 'code_flow:web-es256', 'refresh:web-es256']
LIMITS = ['get:/hello', 'get:/sign-rs256', 'get:/sign-es256']


def scenarios_of(s, chosen):
    all_of_them = LIMITS if s['name'] == 'limits' else SCENARIOS + (OURS_ALONE if s['name'].startswith('ours/') else [])
    return [x for x in all_of_them if not chosen or x in chosen.split(',')]


def visit(s, rep, o, work, pg, note):
    """One server, one repetition: fresh database, first start (which makes it), stop, timed start, burn-in, scenarios."""
    s['fresh']()
    p, _ = servers.start(s, work)
    servers.stop(p)
    p, cold = servers.start(s, work)
    todo = scenarios_of(s, o.scenarios)
    try:
        pids = [p.pid] + ([pg.pid()] if s.get('kind') == 'pg' else [])
        measure.burn_in(s, todo, o.quick)
        subprocess.run(['taskset', '-acp', servers.SERVER_CORE, str(p.pid)], check=True, capture_output=True)
        for name in todo: note(measure.scenario(s, pids, rep, name, *((2, 1) if o.quick else (5,))))
        if s['name'] != 'limits': note(dict(name=s['name'], scenario='process', rep=rep, cold_ms=cold, rss_mb=measure.resident(p.pid)))
        if s['name'].startswith('ours/') and (not o.scenarios or 'storm' in o.scenarios): note(measure.storm(s, rep, 3 if o.quick else 8))
        if s['name'] != 'limits' and rep == 1 and (not o.scenarios or 'rows' in o.scenarios):
            note(dict(name=s['name'], scenario='rows', rep=rep) | {flow: measure.rows_written(s, pg, flow) for flow in ('code_flow', 'refresh')})
    finally:
        servers.stop(p)


def main():
    a = argparse.ArgumentParser()
    a.add_argument('--ours'); a.add_argument('--only', default=''); a.add_argument('--scenarios', default=''); a.add_argument('--reps', type=int, default=3)
    a.add_argument('--quick', action='store_true'); a.add_argument('--out', default=f'{servers.OUT}/results.jsonl'); a.add_argument('--table')
    o = a.parse_args()
    if o.table: return print(report.tables([json.loads(line) for line in open(o.table)]))
    folder = servers.build(o.ours)
    work, lines = tempfile.mkdtemp(prefix='bench-'), []
    pg = servers.Postgres(work)
    try:
        chosen = [servers.limits(), *(make(k) for k in ('sqlite', 'pg') for make in (lambda k: servers.peer(k, work, pg), lambda k: servers.ours(k, folder, work, pg)))]
        chosen = [s for s in chosen if not o.only or any(s['name'].startswith(x) for x in o.only.split(','))]
        with open(o.out, 'w') as f:
            def note(line):
                lines.append(line)
                f.write(json.dumps(line) + '\n')
                f.flush()
                print(time.strftime('%H:%M:%S'), line['name'], line['scenario'], {k: line[k] for k in ('rps', 'p99_ms', 'server_cpu_us_per_op', 'foreign', 'errors', 'failed') if line.get(k)} or line, flush=True)
            for rep in range(1, o.reps + 1):
                shift = (rep - 1) % len(chosen)
                for s in chosen[shift:] + chosen[:shift]: visit(s, rep, o, work, pg, note)
        print('\n' + report.tables(lines))
    finally:
        pg.stop()
        shutil.rmtree(work, ignore_errors=True)


main()
