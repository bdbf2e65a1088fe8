"""Builds what is measured into `out/`: the driver, the servers and the peers."""
import glob, os, shutil, subprocess, tempfile
from servers import HERE, OUT

REPOSITORY = os.path.abspath(f'{HERE}/../..')
OWN_COMMIT = 'abb5be6'  # the last commit of the engine that was written before OpenIddict could be restored


def publish(project, to, *more):
    subprocess.run(['dotnet', 'publish', project, '-c', 'Release', '-o', to, '-v', 'q', '--nologo', *more], check=True)


def publish_server(project, to):
    """As deploy/README.md says."""
    publish(project, to, '-r', 'linux-x64', '-p:PublishReadyToRun=true', '--self-contained', 'false')


def driver(): publish_if_changed(f'{HERE}/Driver', f'{OUT}/driver', 'oidc-driver.dll')
def limits(): publish_if_changed(f'{HERE}/Limits', f'{OUT}/limits', 'limits.dll')
def openiddict(): publish_if_changed(f'{HERE}/peer-openiddict', f'{OUT}/openiddict', 'openiddict-peer.dll')


def publish_if_changed(project, to, result):
    """An unchanged project costs several seconds to publish again: too much for a quick run."""
    sources = [x for x in glob.glob(f'{project}/*') + glob.glob(f'{REPOSITORY}/Directory.*.props') + glob.glob(f'{REPOSITORY}/tests/Directory.*') if os.path.isfile(x)]
    built = os.path.getmtime(f'{to}/{result}') if os.path.exists(f'{to}/{result}') else 0
    if max(os.path.getmtime(x) for x in sources) <= built: return
    publish(project, to)
    os.utime(f'{to}/{result}')


def node():
    if not os.path.isdir(f'{HERE}/peer-node/node_modules'):
        subprocess.run(['npm', 'ci', '--loglevel=error'], cwd=f'{HERE}/peer-node', check=True)


def ours(folder=None):
    """The server of this working tree, unless a published folder is named. Returns the folder."""
    if not folder:
        # Restoring for one platform writes it into the lock files: they are put back.
        folder, locks = f'{OUT}/AuthServer', {path: open(path).read() for path in glob.glob(f'{REPOSITORY}/src/*/packages.lock.json')}
        publish_server(f'{REPOSITORY}/src/AuthServer', folder)
        for path, text in locks.items(): open(path, 'w').write(text)
    return os.path.abspath(folder)


def own(commit=OWN_COMMIT):
    """The server at another commit, from a temporary copy of its files. Built once for each commit. Returns the folder."""
    commit = subprocess.run(['git', 'rev-parse', '--verify', '--quiet', commit + '^{commit}'], cwd=REPOSITORY, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    folder = f'{OUT}/own-{commit[:12]}'
    if os.path.isdir(folder): return folder
    with tempfile.TemporaryDirectory(prefix='bench-own-') as source:
        archive = subprocess.Popen(['git', 'archive', commit], cwd=REPOSITORY, stdout=subprocess.PIPE)
        subprocess.run(['tar', '-x', '-C', source], stdin=archive.stdout, check=True)
        if archive.wait() != 0: raise SystemExit(f'git archive {commit} failed.')
        publish_server(f'{source}/src/AuthServer', f'{source}/published')
        shutil.move(f'{source}/published', folder)
    return folder
