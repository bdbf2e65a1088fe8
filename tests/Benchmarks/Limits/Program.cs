// What this machine can do at most, to hold the server's figures against:
//   limits serve PORT           /hello (a bare endpoint), /sign-rs256 and /sign-es256 (one hand-made JWT a request) on
// 127.0.0.1
//   limits argon2id KIB PASSES, limits pbkdf2 ITERATIONS    print how many hashes a second one thread makes
using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

switch (args)
{
    case ["serve", var port]:
        Serve(port);
        return 0;
    case ["argon2id", var memory, var passes]:
        Print(Argon2id(Number(memory), Number(passes)));
        return 0;
    case ["pbkdf2", var iterations]:
        Print(Pbkdf2(Number(iterations)));
        return 0;
    default:
        Console.Error.WriteLine("usage: limits serve PORT | argon2id KIB PASSES | pbkdf2 ITERATIONS");
        return 2;
}

static void Serve(string port)
{
    var rsa = RSA.Create(2048);
    var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    var builder = WebApplication.CreateSlimBuilder();
    builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
    builder.Logging.ClearProviders();
    var app = builder.Build();
    app.MapGet("/hello", http => http.Response.WriteAsync("hello"));
    app.MapGet(
        "/sign-rs256",
        http =>
            http.Response.WriteAsync(
                Jwt(
                    """{"alg":"RS256"}""",
                    body => rsa.SignData(body, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                )
            )
    );
    app.MapGet(
        "/sign-es256",
        http =>
            http.Response.WriteAsync(Jwt("""{"alg":"ES256"}""", body => ec.SignData(body, HashAlgorithmName.SHA256)))
    );
    app.Run();
}

static string Jwt(string header, Func<byte[], byte[]> sign)
{
    var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
    var claims =
        $$"""{"iss":"http://127.0.0.1","aud":"api","sub":"user-1","iat":{{now}},"exp":{{now + 600}},"jti":"{{Guid.NewGuid():N}}"}""";
    var body =
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))
        + "."
        + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims));
    return body + "." + Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(body)));
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static Action<byte[]> Argon2id(int memory, int passes)
{
    var algorithm = PasswordBasedKeyDerivationAlgorithm.Argon2id(
        new Argon2Parameters
        {
            DegreeOfParallelism = 1,
            MemorySize = memory,
            NumberOfPasses = passes,
        }
    );
    return salt => algorithm.DeriveBytes("a long walk by the canal"u8, salt, 32);
}

static Action<byte[]> Pbkdf2(int iterations) =>
    salt => Rfc2898DeriveBytes.Pbkdf2("a long walk by the canal", salt, iterations, HashAlgorithmName.SHA512, 32);

static void Print(Action<byte[]> hash)
{
    var salt = RandomNumberGenerator.GetBytes(16);
    var hashes = 0;
    var watch = Stopwatch.StartNew();
    while (watch.Elapsed < TimeSpan.FromSeconds(3))
    {
        hash(salt);
        hashes++;
    }

    Console.WriteLine((hashes / watch.Elapsed.TotalSeconds).ToString("F3", CultureInfo.InvariantCulture));
}
