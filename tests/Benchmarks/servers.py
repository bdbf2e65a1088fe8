"""The servers that are measured, and the PostgreSQL they share: all throw-away, all on 127.0.0.1."""
import glob, os, shutil, signal, socket, subprocess, sys, time, urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = f'{HERE}/out'
PERSONS = 48  # one for each worker of the driver, and some
PASSWORD = 'a long walk by the canal'
SERVER_CORE, DRIVER_CORE = '0', '1'


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Postgres:
    """A throw-away cluster: fsync on, defaults otherwise. On the server's core from its start, so that every backend is there too."""
    def __init__(self, work):
        found = sorted(glob.glob('/usr/lib/postgresql/*/bin')) or [os.path.dirname(shutil.which('initdb') or '')]
        self.bin, self.port, self.data = found[-1], free_port(), os.path.join(work, 'pg')
        os.makedirs(self.data)
        os.chmod(work, 0o755)
        self.as_user = ['runuser', '-u', 'postgres', '--'] if os.geteuid() == 0 else []
        if self.as_user: shutil.chown(self.data, 'postgres', 'postgres')
        self.run('initdb', '-D', self.data, '-A', 'trust', '-U', 'postgres')
        self.run('pg_ctl', '-D', self.data, '-w', '-l', f'{self.data}/log', '-o', f'-p {self.port} -h 127.0.0.1 -k {self.data}', 'start')

    def run(self, tool, *a):
        done = subprocess.run(['taskset', '-c', SERVER_CORE, *self.as_user, f'{self.bin}/{tool}', *a], check=True, stdout=subprocess.DEVNULL if tool != 'psql' else subprocess.PIPE, text=True, cwd='/')
        return done.stdout

    def sql(self, text, db='postgres'): return self.run('psql', '-h', '127.0.0.1', '-p', str(self.port), '-U', 'postgres', '-qAtc', text, db)
    def pid(self): return int(open(f'{self.data}/postmaster.pid').readline())
    def fresh(self, db):
        for text in (f'DROP DATABASE IF EXISTS {db} WITH (FORCE)', f'CREATE DATABASE {db}', 'CHECKPOINT'): self.sql(text)
    def stop(self): self.run('pg_ctl', '-D', self.data, '-m', 'fast', 'stop')


def remove(prefix):
    for f in glob.glob(prefix + '*'): os.remove(f)


def limits():
    return dict(name='limits', config='limits.json', port=5199, probe='/hello', cmd=['dotnet', f'{OUT}/limits/limits.dll', 'serve', '5199'], env={}, fresh=lambda: None)


def node(kind, work, pg):
    file = f'{work}/node.db'
    return dict(name=f'node/{kind}', config='node.json', port=5102, probe='/.well-known/openid-configuration', cwd=f'{HERE}/peer-node', cmd=['node', 'server.js'],
                env=dict(PORT='5102', ADAPTER=kind, CONN=file if kind == 'sqlite' else f'postgres://postgres@127.0.0.1:{pg.port}/node', NODE_ENV='production'),
                fresh=(lambda: remove(file)) if kind == 'sqlite' else (lambda: pg.fresh('node')), kind=kind, file=file, db='node')


def openiddict(kind, work, pg, plain=False):
    """
    It makes its tables, clients, people and certificates at its first start. `plain`: access tokens are signed and not encrypted,
    as ours and node's are; OpenIddict encrypts them by default.
    """
    file, port, system, db = f'{work}/openiddict.db', 5103, 'openiddict-plain' if plain else 'openiddict', 'openiddict'
    return dict(name=f'{system}/{kind}', config='openiddict.json', port=port, probe='/.well-known/openid-configuration', cwd=work, cmd=['dotnet', f'{OUT}/openiddict/openiddict-peer.dll'],
                env=dict(HOME=work, ASPNETCORE_ENVIRONMENT='Production', ASPNETCORE_URLS=f'http://127.0.0.1:{port}', DATABASE=kind, PLAIN_ACCESS_TOKENS='1' if plain else '0',
                         CONN=f'Data Source={file}' if kind == 'sqlite' else f'Host=127.0.0.1;Port={pg.port};Username=postgres;Database={db}'),
                fresh=(lambda: remove(file)) if kind == 'sqlite' else (lambda: pg.fresh(db)), kind=kind, file=file, db=db)


def ours(kind, folder, work, pg, system='ours'):
    """
    A published server, of this build or (`own`) of another commit, filled with its own command line. Its limits per address are raised:
    all load comes from one. `ours-pbkdf2` is this build with the hashes that it made before Argon2id.
    """
    file, port, db = f'{work}/{system}.db', 5101, system.replace('-', '_')
    env = dict(ASPNETCORE_ENVIRONMENT='Production', ASPNETCORE_URLS=f'http://127.0.0.1:{port}', Issuer=f'http://127.0.0.1:{port}', Mail__Transport='Folder', Mail__Folder=f'{work}/mail', Mail__From='help@example.test',
               Database__MigrateOnStart='true', Limits__PerAddress__ProtocolPerSecond='10000000', Limits__PerAddress__PagesPerSecond='10000000', Limits__PerAddress__LogInsPerMinute='10000000',
               Database__Provider='Sqlite' if kind == 'sqlite' else 'Postgres',
               ConnectionStrings__AuthServer=f'Data Source={file}' if kind == 'sqlite' else f'Host=127.0.0.1;Port={pg.port};Username=postgres;Database={db}')
    hashes = ['argon2id', '19456', '2']
    if system == 'ours-pbkdf2':
        env['Passwords__Algorithm'], hashes = 'Pbkdf2', ['pbkdf2', '220000']
    def cli(*a, text=None): subprocess.run([f'{folder}/AuthServer', *a], cwd=folder, env={**os.environ, **env}, input=text, text=True, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    def fresh():
        remove(file) if kind == 'sqlite' else pg.fresh(db)
        cli('migrate')
        cli('clients', 'register', f'{HERE}/clients-ours.json')
        rows = [f'driver{n},driver{n}@example.test,true,{PASSWORD},Dee,Driver' for n in range(PERSONS)]
        cli('users', 'import', '-', text='\n'.join(['username,email,email_verified,password,given_name,family_name', *rows]) + '\n')
    return dict(name=f'{system}/{kind}', config='ours.json', port=port, probe='/.well-known/openid-configuration', cwd=folder, cmd=[f'{folder}/AuthServer', 'serve'], env=env, fresh=fresh, cli=cli, kind=kind, file=file, db=db, hash=hashes)


def start(s, work):
    """Returns the process, and the milliseconds from its start to the first good answer."""
    with socket.socket() as probe:
        if probe.connect_ex(('127.0.0.1', s['port'])) == 0: sys.exit(f'Something else listens on port {s["port"]}.')
    log, begin = open(f'{work}/server.log', 'a'), time.monotonic()
    p = subprocess.Popen(s['cmd'], cwd=s.get('cwd'), env={**os.environ, **s['env']}, stdout=log, stderr=log)
    while time.monotonic() - begin < 60 and p.poll() is None:
        try:
            with urllib.request.urlopen(f'http://127.0.0.1:{s["port"]}{s["probe"]}', timeout=10) as r:
                if r.status == 200: return p, (time.monotonic() - begin) * 1000
        except OSError:
            time.sleep(0.002)
    p.kill()
    shutil.copy(f'{work}/server.log', f'{OUT}/server.log')
    sys.exit(f'{s["name"]} did not start; see {OUT}/server.log')


def stop(p):
    p.send_signal(signal.SIGTERM)
    try: p.wait(15)
    except subprocess.TimeoutExpired:
        p.kill()
        p.wait()
