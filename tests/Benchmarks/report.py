"""The tables, in Markdown: medians over the repetitions, ratios within one database and one run."""
import collections, statistics
import targets

TITLES = {'ours': 'this build', 'ours-pbkdf2': 'this build, PBKDF2', 'own': 'own engine', 'node': 'oidc-provider', 'openiddict': 'OpenIddict', 'openiddict-plain': 'OpenIddict, plain access tokens'}
COMPARED = ('node', 'openiddict', 'openiddict-plain', 'own')


class Results:
    def __init__(self, lines):
        self.lines, self.by = lines, collections.defaultdict(list)
        for line in lines: self.by[line['scenario'], line['name']].append(line)
        self.load = [x for x in dict.fromkeys(line['scenario'] for line in lines) if x not in ('process', 'storm', 'rows')]

    def mid(self, scenario, name, key='rps'):
        """The median, or None where it was not measured or failed."""
        values = [x[key] for x in self.by.get((scenario, name), []) if x.get(key)]
        return statistics.median(values) if values else None

    def of(self, scenario, system, kind, key='rps'):
        """A peer that lacks a variant of a scenario is compared by the scenario itself: code_flow for code_flow:web-es256."""
        return self.mid(scenario, f'{system}/{kind}', key) or (self.mid(scenario.split(':')[0], f'{system}/{kind}', key) if system != 'ours' else None)

    def ratio(self, scenario, system, kind, key='rps'):
        ours, theirs = self.of(scenario, 'ours', kind, key), self.of(scenario, system, kind, key)
        return ours / theirs if ours and theirs else None

    def target(self, scenario, compared, kind):
        """The figure that targets.py asks for, or None."""
        if compared == 'memory': return self.mid('process', f'ours/{kind}', 'rss_mb') if self.mid('code_flow', f'ours/{kind}') else None  # after no runs, it says nothing
        if compared == 'start': return self.ratio('process', 'own', kind, 'cold_ms')
        if compared != 'bare': return self.ratio(scenario, compared, kind)
        ours, bare = self.of(scenario, 'ours', kind), self.mid('get:/hello', 'limits')
        return ours / bare if ours and bare else None

    def systems(self, kind): return [x for x in TITLES if any(line['name'] == f'{x}/{kind}' for line in self.lines)]


def tables(lines):
    r = Results(lines)
    out = []
    for kind, database in targets.DATABASES.items():
        if r.systems(kind): out += speed(r, kind, database) + process(r, kind) + tail(r, kind)
    return '\n'.join(out + limits(r) + ['', '## Floors and goals', ''] + targets.table(r.target) + rows(r) + storms(r) + noise(r) + failures(r))


def speed(r, kind, database):
    """Per second and microseconds of processor time per operation; ratios of rates and, in brackets, of processor time (theirs ÷ ours)."""
    systems, compared = r.systems(kind), [x for x in COMPARED if x in r.systems(kind) and 'ours' in r.systems(kind)]
    commits = {line['commit'] for line in r.lines if line['name'] == f'own/{kind}' and line.get('commit')}
    head = [TITLES[x] + (f' ({", ".join(sorted(commits))})' if x == 'own' and commits else '') for x in systems] + [f'÷ {TITLES[x]}' for x in compared]
    out = ['', f'## {database}', '', '| per second · processor µs an operation | ' + ' | '.join(head) + ' |', '|---|' + '--:|' * len(head)]
    for sc in r.load:
        cells = [pair(r.mid(sc, f'{x}/{kind}'), r.mid(sc, f'{x}/{kind}', 'server_cpu_us_per_op')) for x in systems]
        if any(cells): out.append(f'| {sc} | ' + ' | '.join(cells + [ratios(r, sc, x, kind) for x in compared]) + ' |')
    return out if len(out) > 5 else out[:2]


def pair(rate, cpu): return '' if not rate else f'{rate:,.0f} · {cpu:,.0f}' if cpu else f'{rate:,.0f}'


def ratios(r, scenario, system, kind):
    rate, cpu = r.ratio(scenario, system, kind), r.ratio(scenario, system, kind, 'server_cpu_us_per_op')
    return '' if not rate else f'{rate:.2f} ({1 / cpu:.2f})' if cpu else f'{rate:.2f}'


def process(r, kind): return wide(r, kind, '', [(label, lambda name, key=key: r.mid('process', name, key), '{:,.0f}') for key, label in
                                                (('cold_ms', 'start to first discovery answer, ms'), ('rss_mb', 'resident memory at the end, MB'))])


def tail(r, kind): return wide(r, kind, 'p99, ms', [(sc, lambda name, sc=sc: r.mid(sc, name, 'p99_ms'), '{:.1f}') for sc in r.load])


def wide(r, kind, title, lines):
    """A line for each of (label, figure of a server's name, format), a column for each system."""
    systems = r.systems(kind)
    out = ['', f'| {title} | ' + ' | '.join(TITLES[x] for x in systems) + ' |', '|---|' + '--:|' * len(systems)]
    for label, figure, form in lines:
        values = [figure(f'{x}/{kind}') for x in systems]
        if any(values): out.append(f'| {label} | ' + ' | '.join('' if v is None else form.format(v) for v in values) + ' |')
    return out if len(out) > 3 else []


def limits(r):
    bare = [(sc, r.mid(sc, 'limits')) for sc in r.load if r.mid(sc, 'limits')]
    return ['', '| bare Kestrel | per second |', '|---|--:|'] + [f'| {sc[4:]} | {rate:,.0f} |' for sc, rate in bare] if bare else []


def rows(r):
    seen = {line['name']: line for line in r.lines if line['scenario'] == 'rows'}
    body = [f'| {name} | {spell(line["code_flow"])} | {spell(line["refresh"])} |' for name, line in seen.items()]
    return ['', '| rows written by | one code flow | one refresh |', '|---|---|---|'] + body if body else []


def spell(counts): return ', '.join(f'{n:g} {act}' for act, n in counts.items()) or 'none'


def storms(r):
    names = list(dict.fromkeys(line['name'] for line in r.lines if line['scenario'] == 'storm'))
    out = ['', '| log-ins | hash | its limit, /s | log-ins, /s | of the limit | processor ms a log-in | token p99 idle, ms | token p99 in the storm, ms | memory before, with the queue full, MB | sent away |',
           '|---|---|--:|--:|--:|--:|--:|--:|--:|--:|']
    for name in names:
        m = lambda key: r.mid('storm', name, key) or 0
        share = m('log_ins') / m('hash_limit') if m('hash_limit') else 0
        hashes = r.by['storm', name][0]['hash']
        out.append(f'| {name} | {hashes} | {m("hash_limit"):.2f} | {m("log_ins"):.2f} | {share:.0%} | {m("log_in_cpu_us") / 1000:.0f} | {m("token_p99_idle"):.1f} | {m("token_p99_storm"):.1f} | {m("rss_before_mb"):.0f}, {m("rss_full_mb"):.0f} | {m("busy"):.0f} |')
    return out if names else []


def noise(r):
    shares = [line['foreign'] for line in r.lines if line.get('foreign')]
    server, driver = (max(core, default=0) for core in zip(*shares)) if shares else (0, 0)
    return ['', f'Used by other processes at most: {server:.2f} of the server\'s core, {driver:.2f} of the driver\'s.'] if shares else []


def failures(r):
    failed = [f'{line["name"]} {line["scenario"]}: {line.get("failed") or line.get("first_error")}' for line in r.lines
              if line.get('failed') or (line['scenario'] in r.load and line.get('errors'))]
    return [''] + ['Failed: ' + f for f in failed] if failed else []
