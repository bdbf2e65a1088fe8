"""The tables, in Markdown: medians over the repetitions, and ratios to the peer on the same database in the same run."""
import collections, statistics


def tables(lines):
    by = collections.defaultdict(list)
    for line in lines: by[line['scenario'], line['name']].append(line)
    names = list(dict.fromkeys(line['name'] for line in lines))
    scenarios = list(dict.fromkeys(line['scenario'] for line in lines))
    load = [sc for sc in scenarios if sc not in ('process', 'storm', 'rows')]
    mid = lambda sc, name, key='rps': statistics.median(x.get(key) or 0 for x in by[sc, name]) if by.get((sc, name)) else None
    hello = mid('get:/hello', 'limits')
    out = ['| per second | ' + ' | '.join(names) + ' | ours ÷ peer, SQLite | PostgreSQL | ours ÷ bare Kestrel |', '|---|' + '--:|' * (len(names) + 3)]
    for sc in load:
        ratios = [ratio(mid(sc, f'ours/{k}'), mid(sc, f'oidc-provider/{k}') or mid(sc.split(':')[0], f'oidc-provider/{k}')) for k in ('sqlite', 'pg')]
        bare = f'{mid(sc, "ours/sqlite") / hello:.0%}' if sc in ('discovery', 'jwks') and hello and mid(sc, 'ours/sqlite') else ''
        out.append(f'| {sc} | ' + ' | '.join('' if mid(sc, n) is None else f'{mid(sc, n):,.0f}' for n in names) + f' | {ratios[0]} | {ratios[1]} | {bare} |')
    for key, label in (('cold_ms', 'start to first discovery answer, ms'), ('rss_mb', 'resident memory at the end, MB')):
        out.append(f'| {label} | ' + ' | '.join('' if mid('process', n, key) is None else f'{mid("process", n, key):,.0f}' for n in names) + ' | | | |')
    out += ['', '| p99, ms | ' + ' | '.join(names) + ' |', '|---|' + '--:|' * len(names)]
    out += [f'| {sc} | ' + ' | '.join('' if mid(sc, n, 'p99_ms') is None else f'{mid(sc, n, "p99_ms"):.1f}' for n in names) + ' |' for sc in load]
    if rows := [line for line in lines if line['scenario'] == 'rows']:
        out += ['', '| rows written by | one code flow | one refresh |', '|---|---|---|']
        seen = {line['name']: line for line in rows}
        out += [f'| {name} | {spell(line["code_flow"])} | {spell(line["refresh"])} |' for name, line in seen.items()]
    if storms := [line for line in lines if line['scenario'] == 'storm']:
        out += ['', '| log-ins | PBKDF2 limit, /s | log-ins, /s | of the limit | token p99 idle, ms | token p99 in the storm, ms |', '|---|--:|--:|--:|--:|--:|']
        for name in dict.fromkeys(line['name'] for line in storms):
            m = lambda key: mid('storm', name, key)
            out.append(f'| {name} | {m("pbkdf2_limit"):.2f} | {m("log_ins"):.2f} | {m("log_ins") / m("pbkdf2_limit"):.0%} | {m("token_p99_idle"):.1f} | {m("token_p99_storm"):.1f} |')
    failed = [f'{line["name"]} {line["scenario"]}: {line.get("failed") or line.get("first_error")}' for line in lines if line.get('failed') or (line['scenario'] in load and line.get('errors'))]
    return '\n'.join(out + ([''] + ['Failed: ' + f for f in failed] if failed else []))


def ratio(ours, peers): return f'{ours / peers:.1f} ×' if ours and peers else ''


def spell(counts): return ', '.join(f'{n:g} {act}' for act, n in counts.items()) or 'none'
