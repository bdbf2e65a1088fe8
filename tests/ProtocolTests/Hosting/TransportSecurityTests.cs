using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using TestSupport;

namespace ProtocolTests.Hosting;

/// <summary>
/// What the https endpoint speaks. The first words of old clients are written here byte by byte, because the library
/// that we would ask to speak so refuses to.
/// </summary>
public sealed class TransportSecurityTests(TransportSecurityTests.OverHttps https)
    : IClassFixture<TransportSecurityTests.OverHttps>
{
    private const byte Alert = 21;
    private const byte Handshake = 22;
    private const byte HandshakeFailure = 40;
    private const byte ProtocolVersion = 70;

    [Theory]
    [InlineData(0x0301)]
    [InlineData(0x0302)]
    [Trait("oidc", "X1")]
    public async Task TLS_1_0_and_1_1_are_refused(int version) =>
        Assert.Equal((Alert, ProtocolVersion), await AnswerToAsync(version, [0xC0, 0x09, 0xC0, 0x13, 0x00, 0x2F]));

    [Fact]
    [Trait("oidc", "X1")]
    public async Task TLS_1_2_is_spoken_with_authenticated_encryption()
    {
        var (record, _) = await AnswerToAsync(0x0303, [0xC0, 0x2B, 0xC0, 0x2F]);

        Assert.Equal(Handshake, record);
    }

    [Fact]
    [Trait("oidc", "X1")]
    public async Task TLS_1_2_is_refused_to_whoever_knows_only_CBC_suites() =>
        Assert.Equal(
            (Alert, HandshakeFailure),
            await AnswerToAsync(0x0303, [0xC0, 0x09, 0xC0, 0x23, 0xC0, 0x13, 0xC0, 0x27])
        );

    [Fact]
    [Trait("oidc", "X1")]
    public async Task TLS_1_3_is_preferred()
    {
        using var connection = await ConnectAsync();
        await using var tls = new SslStream(connection.GetStream());

        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    certificate?.GetCertHashString() == https.Server.Certificate?.Thumbprint,
            }
        );

        Assert.Equal(SslProtocols.Tls13, tls.SslProtocol);
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, new Uri(https.Server.Issuer).Port);
        return connection;
    }

    /// <summary>The type of the server's first record, and for an alert what it says (RFC 5246 §7.2).</summary>
    private async Task<(byte Record, byte Description)> AnswerToAsync(int version, byte[] suites)
    {
        using var connection = await ConnectAsync();
        var stream = connection.GetStream();
        await stream.WriteAsync(ClientHello(version, suites));

        var answer = new byte[7];
        await stream.ReadExactlyAsync(answer);
        return (answer[0], answer[0] == Alert ? answer[6] : (byte)0);
    }

    /// <summary>RFC 5246 §7.4.1.2, with P-256 and SHA-256 signatures.</summary>
    private static byte[] ClientHello(int version, byte[] suites)
    {
        byte[] groups = [0x00, 0x0A, 0x00, 0x04, 0x00, 0x02, 0x00, 0x17];
        byte[] points = [0x00, 0x0B, 0x00, 0x02, 0x01, 0x00];
        byte[] signatures = [0x00, 0x0D, 0x00, 0x06, 0x00, 0x04, 0x04, 0x03, 0x04, 0x01];
        byte[] extensions = [.. groups, .. points, .. version == 0x0303 ? signatures : []];
        byte[] hello =
        [
            .. Two(version),
            .. new byte[32],
            0x00,
            .. Two(suites.Length),
            .. suites,
            0x01,
            0x00,
            .. Two(extensions.Length),
            .. extensions,
        ];
        byte[] message = [0x01, 0x00, .. Two(hello.Length), .. hello];
        return [Handshake, .. Two(0x0301), .. Two(message.Length), .. message];
    }

    private static byte[] Two(int number) => [(byte)(number >> 8), (byte)number];

    public sealed class OverHttps : IAsyncLifetime
    {
        private AuthServerFixture? _server;

        public AuthServerFixture Server =>
            _server ?? throw new InvalidOperationException("The server has not started.");

        public async Task InitializeAsync() => _server = await AuthServerFixture.StartAsync(https: true);

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
