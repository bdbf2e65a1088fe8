#!/usr/bin/env python3
"""The support desk with 10,000 cases and 100,000 accounts, against the same pages of an empty desk in the same run. See README.md.

  desk.py [--ours PUBLISHED_FOLDER] [--only sqlite,pg] [--looks 60] [--out desk.json]
"""
import argparse, http.client, json, re, shutil, sqlite3, statistics, tempfile, time, urllib.parse
import builds, servers

ACCOUNTS, CASES, TICKS_AT_1970 = 100_000, 10_000, 621_355_968_000_000_000
OFFICER = 'desk0001'

# One person's answers: the commonest name, a number, a supervisor and a trainee. Every way of looking for accounts is gone.
EVIDENCE = json.dumps(dict(
    GivenName='Given7', FamilyName='Family7', Username='person70007', EarlierEmails=['old70007@example.test', 'nobody@example.test'], GmcNumber='GMC 700 0007', NmcNumber=None, Ntn='LDN/1',
    CollegeNumber='C70007', OtherNumber=None, LastPost=dict(Employer='Royal Infirmary', Specialty=None, Grade='ST4', From='August 2023', To=None, Supervisor='Given8 Family8'),
    SupervisedTrainees=['Given9 Family9'], More=None))


class Sql:
    """The same statements for both databases: what differs is how ids, instants and rows of numbers are written."""
    def __init__(self, s, pg):
        self.s, self.pg = s, pg
        self.now = int(time.time())

    def numbers(self, n): return f'generate_series(0, {n - 1}) n' if self.pg_ else f'(WITH RECURSIVE made(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM made WHERE n < {n - 1}) SELECT n FROM made)'
    def id(self, kind, n): return f"('0000000{kind}-0000-7000-8000-' || lpad(to_hex({n}), 12, '0'))::uuid" if self.pg_ else f"printf('0000000{kind}-0000-7000-8000-%012X', {n})"
    def at(self, seconds_ago): return f'(to_timestamp({self.now} - ({seconds_ago})))' if self.pg_ else f'(({self.now} - ({seconds_ago})) * 10000000 + {TICKS_AT_1970})'
    def day(self): return "DATE '2023-08-02'" if self.pg_ else "'2023-08-02'"
    def bool(self, value): return str(value).lower() if self.pg_ else str(int(value))
    @property
    def pg_(self): return self.s['kind'] == 'pg'

    def run(self, *statements):
        if self.pg_:
            for text in statements: self.pg.sql(text, self.s['db'])
            return
        db = sqlite3.connect(self.s['file'], timeout=60)
        for text in statements: db.execute(text)
        db.commit()
        db.close()

    def settle(self): self.run('VACUUM ANALYZE' if self.pg_ else 'ANALYZE')

    def cases(self, first, count):
        """A fifth of them wait for somebody, a few are approved, the others are closed."""
        state = 'CASE WHEN n % 5 = 0 THEN 1 WHEN n % 50 = 1 THEN 4 WHEN n % 50 = 2 THEN 3 ELSE 5 + n % 4 END'
        return (f"""INSERT INTO support_cases (id, reference, state, created_at, changed_at, opened_at, address_proved_at, evidence, new_email, mails_sent, network, account_id, closed_at)
            SELECT {self.id(1, 'n')}, 'R' || (1000000 + n), {state}, {self.at('n * 60')}, {self.at('n * 60')}, {self.at('n * 60')}, {self.at('n * 60')},
                   '{EVIDENCE}', 'new' || n || '@example.test', 2, '192.0.2.0/24', CASE WHEN n % 5 <> 0 AND n > 0 THEN {self.id(2, f'n % {ACCOUNTS}')} END, CASE WHEN n % 5 > 2 THEN {self.at('n * 60')} END
            FROM {self.numbers(count)} WHERE n >= {first}""",
            f"""INSERT INTO case_entries (id, case_id, at, kind) SELECT {self.id(3, 'n')}, {self.id(1, 'n')}, {self.at('n * 60')}, 0 FROM {self.numbers(count)} WHERE n >= {first}""",
            *(f"INSERT INTO case_terms (case_id, term) SELECT {self.id(1, 'n')}, {term} FROM {self.numbers(count)} WHERE n >= {first}" for term in ("'family7'", "'given7'", "'new' || n || 'exampletest'")),
            f"""INSERT INTO case_tags (case_id, tag) SELECT {self.id(1, 'n')}, CASE WHEN n % 3 = 0 THEN 'call back' ELSE 'changed trust' END FROM {self.numbers(count)} WHERE n % 20 = 0 AND n >= {first}""")

    def people(self):
        """A career each, ten trainees to a supervisor, and to the search all of one name: names are found by their letters alone."""
        return (f"""INSERT INTO accounts (id, username, email, email_normalized, email_verified, given_name, family_name, given_name_key, family_name_key, gmc_number, gmc_key, college_number, college_key,
                   phone_number_verified, portfolio_roles, staff_role, disabled, password_scheme, created_at, updated_at)
            SELECT {self.id(2, 'n')}, 'person' || n, 'person' || n || '@example.test', 'person' || n || '@example.test', {self.bool(True)}, 'Given' || n % 100, 'Family' || n % 100, 'given', 'family' , '' || (7000000 + n), '' || (7000000 + n), 'C' || n, 'C' || n,
                   {self.bool(False)}, '[]', 0, {self.bool(False)}, 1, {self.at('0')}, {self.at('0')} FROM {self.numbers(ACCOUNTS)}""",
            f"INSERT INTO account_identifiers (normalized, letters, account_id, kind) SELECT 'person' || n, 'person' || n, {self.id(2, 'n')}, 0 FROM {self.numbers(ACCOUNTS)}",
            f"INSERT INTO previous_emails (account_id, normalized, email, recorded_at) SELECT {self.id(2, 'n')}, 'old' || n || '@example.test', 'old' || n || '@example.test', {self.at('0')} FROM {self.numbers(ACCOUNTS)}",
            f"INSERT INTO posts (id, account_id, employer, specialty, grade, from_day, supervisor) SELECT {self.id(4, 'n')}, {self.id(2, 'n')}, 'Royal Infirmary', 'Cardiology', 'ST4', {self.day()}, 'Given8 Family8' FROM {self.numbers(ACCOUNTS)}",
            f"INSERT INTO supervisions (supervisor_id, trainee_id) SELECT {self.id(2, 'n / 10')}, {self.id(2, 'n')} FROM {self.numbers(ACCOUNTS)} WHERE n / 10 <> n")


class Officer:
    """A member of staff who is logged in."""
    def __init__(self, port):
        self.web, self.cookies = http.client.HTTPConnection('127.0.0.1', port, timeout=60), {}
        page = self.get('/log-in?returnUrl=/support')[1]
        token = re.search(r'name="__RequestVerificationToken"[^>]*value="([^"]+)"', page).group(1)
        fields = {m[0]: m[1] for m in re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page)}
        status, _ = self.send('POST', '/log-in?returnUrl=/support', urllib.parse.urlencode(fields | dict(Username=OFFICER, Password=servers.PASSWORD, __RequestVerificationToken=token)))
        assert status in (302, 303), status

    def send(self, method, path, body=None):
        headers = {'Cookie': '; '.join(f'{k}={v}' for k, v in self.cookies.items())} | ({'Content-Type': 'application/x-www-form-urlencoded'} if body else {})
        self.web.request(method, path, body, headers)
        answer = self.web.getresponse()
        for cookie in answer.headers.get_all('Set-Cookie') or []:
            name, value = cookie.split(';')[0].split('=', 1)
            self.cookies[name] = value
        return answer.status, answer.read().decode()

    def get(self, path): return self.send('GET', path)

    def look(self, path, looks):
        took = []
        for i in range(looks + 5):
            begin = time.perf_counter()
            status, page = self.get(path)
            assert status == 200, (path, status)
            if i >= 5: took.append((time.perf_counter() - begin) * 1000)
        return round(statistics.median(took), 2), page


PAGES = {
    'list': '/support', 'list, last page': '/support?p=80', 'list, all, newest': '/support?state=all&sort=newest', 'list, all, last page': '/support?state=all&p=400', 'list, by tag': '/support?tag=call+back',
    'list, mine': '/support?whose=mine', 'list, alarms': '/support?state=alarm', 'search, common name': '/support?find=given7+family7', 'search, address': '/support?find=new1@example.test', 'case': '/support/cases/R1000000',
}


def visit(s, pg, work, o):
    s['fresh']()
    s['cli']('users', 'import', '-', text=f'username,email,password,staff_role,name\n{OFFICER},officer@example.test,{servers.PASSWORD},support,Sana Iqbal\n')
    sql = Sql(s, pg)
    sql.run(*sql.cases(0, 1))
    sql.settle()
    result = dict(database=s['kind'])
    p, _ = servers.start(s, work)
    try:
        officer = Officer(s['port'])
        for path in PAGES.values(): officer.look(path, 20)  # compiled and warm
        result['empty'] = {name: officer.look(path, o.looks)[0] for name, path in PAGES.items()}
        sql.run(*sql.people(), *sql.cases(1, CASES))
        sql.settle()
        full = {name: officer.look(path, o.looks) for name, path in PAGES.items()}
        result['full'] = {name: ms for name, (ms, _) in full.items()}
        result['times'] = {name: round(result['full'][name] / result['empty'][name], 1) for name in PAGES}
        result['suggested'] = full['case'][1].count('desk-suggestions__item')
        result['cases'] = re.search(r'([\d,]+) cases', full['list, all, newest'][1]).group(1)
    finally: servers.stop(p)
    return result


def main():
    a = argparse.ArgumentParser()
    a.add_argument('--ours'); a.add_argument('--only', default='sqlite,pg'); a.add_argument('--looks', type=int, default=60); a.add_argument('--out', default=f'{servers.OUT}/desk.json')
    o = a.parse_args()
    builds.driver()
    folder, work = builds.ours(o.ours), tempfile.mkdtemp(prefix='desk-')
    pg, results = servers.Postgres(work), []
    try:
        for kind in o.only.split(','):
            results.append(visit(servers.ours(kind, folder, work, pg), pg, work, o))
            print(json.dumps(results[-1], indent=1), flush=True)
        json.dump(results, open(o.out, 'w'), indent=1)
    finally:
        pg.stop()
        shutil.rmtree(work, ignore_errors=True)


main()
