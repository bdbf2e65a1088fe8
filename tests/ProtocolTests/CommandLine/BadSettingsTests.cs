namespace ProtocolTests.CommandLine;

/// <summary>Bad settings stop the start with one sentence that names the key.</summary>
public sealed class BadSettingsTests : IDisposable
{
    private readonly CommandRunner _commands = new();

    [Theory]
    [InlineData("Issuer", null)]
    [InlineData("Issuer", "auth.example.nhs.uk")]
    [InlineData("Issuer", "ftp://auth.example.nhs.uk")]
    [InlineData("Issuer", "http://auth.example.nhs.uk")]
    [InlineData("Issuer", "https://auth.example.nhs.uk/")]
    [InlineData("Issuer", "https://auth.example.nhs.uk?a=b")]
    [InlineData("Issuer", "https://auth.example.nhs.uk#a")]
    [InlineData("Issuer", "https://auth.example.nhs.uk/auth")]
    [InlineData("Issuer", "https://me:secret@auth.example.nhs.uk")]
    [InlineData("Issuer", "https://Auth.example.nhs.uk")]
    [InlineData("Issuer", "HTTPS://auth.example.nhs.uk")]
    [InlineData("Issuer", "https://auth.example.nhs.uk:443")]
    [InlineData("Issuer", "https://auth.example.nhs.uk/.")]
    [InlineData("Issuer", "https://\u00E9.example.nhs.uk")]
    [InlineData("Issuer", "https://auth.example.nhs.uk ")]
    [InlineData("Protocol:CodeLifetime", "1.00:00:00")]
    [InlineData("Sessions:IdleTimeout", "soon")]
    [InlineData("Mtls:Enabled", "perhaps")]
    [InlineData("Mtls:CertificateAuthorities", "/no/such/file.pem")]
    [InlineData("Mtls:Header", "Client Cert")]
    [InlineData("Mtls:Header", "Client-Cert")]
    [InlineData("Sessions:IdleTimeout", "00:00:01")]
    [InlineData("Requests:MaxBodyBytes", "12")]
    [InlineData("Requests:MaxBodyBytes", "many")]
    [InlineData("Limits:PerAddress:LogInsPerMinute", "0")]
    [InlineData("Limits:Recovery:LinksPerAccount", "0")]
    [InlineData("Recovery:ResetLinkLifetime", "00:00:01")]
    [InlineData("ForwardedHeaders:KnownProxies", "proxy.local", "ForwardedHeaders:KnownProxies:0")]
    [InlineData("ForwardedHeaders:KnownNetworks", "10.0.0.0", "ForwardedHeaders:KnownNetworks:0")]
    [InlineData("DataProtection:CertificateFile", "/nowhere/seal.pfx")]
    [InlineData("DataProtection:CertificateFile", "/dev/null")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "localhost:4318")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL", "60s")]
    [InlineData("OTEL_TRACES_SAMPLER", "some")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG", "5%")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "a key")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "x-api-key=")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "x-api-key=abc,,b=c")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "x api key=abc")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "x-api-key=\u00E9")]
    [InlineData("Sessions:IdleTimeout", "13:00:00")]
    [InlineData("Database:BusyTimeout", "0")]
    [InlineData("Database:Provider", "Oracle")]
    [InlineData("Database:MigrateOnStart", "perhaps")]
    [InlineData("ConnectionStrings:AuthServer", "nonsense")]
    [InlineData("ConnectionStrings:AuthServer", "Data Source=/nowhere/auth.db")]
    [InlineData("Mail:Transport", "Pigeon")]
    [InlineData("Mail:From", "nobody")]
    [InlineData("Mail:Folder", "/dev/null")]
    [InlineData("Mail:GiveUpAfter", "00:00:01")]
    [InlineData("Mail:Interval", "soon")]
    [InlineData("Mail:Smtp:Port", "0")]
    [InlineData("Mail:Smtp:Security", "Perhaps")]
    [InlineData("Policies:Privacy", "http://www.example.nhs.test/privacy")]
    [InlineData("Policies:Accessibility", "/nowhere/statement.html")]
    [InlineData("SecurityTxt:Contact:0", "2027-06-30T00:00:00Z", "SecurityTxt:Expires")]
    [InlineData("SecurityTxt:Expires", "soon")]
    [InlineData("SecurityTxt:Expires", "mailto:security@example.nhs.test", "SecurityTxt:Contact:0")]
    [InlineData("Demo", "true")]
    [InlineData("Demo", "perhaps")]
    [InlineData("urls", "nonsense")]
    [InlineData("Kestrel", "https://127.0.0.1:0", "urls")]
    [InlineData("Logging:LogLevel", "Loud", "Logging:LogLevel:Default")]
    public async Task A_bad_setting_is_named_in_one_sentence(string named, string? value, string? key = null)
    {
        var result = await _commands.RunAsync(new() { [key ?? named] = value }, "serve");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mail:From", "Mail:Transport=Smtp", "Mail:Smtp:Host=smtp.example.test")]
    [InlineData("Mail:Smtp:Host", "Mail:Transport=Smtp", "Mail:From=a@example.test")]
    [InlineData(
        "Mail:Smtp:Username",
        "Mail:Transport=Smtp",
        "Mail:From=a@example.test",
        "Mail:Smtp:Host=smtp.example.test",
        "Mail:Smtp:Username=auth"
    )]
    [InlineData(
        "Mail:Smtp:Security",
        "Mail:Transport=Smtp",
        "Mail:From=a@example.test",
        "Mail:Smtp:Host=smtp.example.test",
        "Mail:Smtp:Username=auth",
        "Mail:Smtp:Password=x",
        "Mail:Smtp:Security=None"
    )]
    [InlineData(
        "Mail:Smtp:TrustedCertificates",
        "Mail:Transport=Smtp",
        "Mail:From=a@example.test",
        "Mail:Smtp:Host=smtp.example.test",
        "Mail:Smtp:TrustedCertificates=/nowhere.pem"
    )]
    [InlineData(
        "Mail:Smtp:ClientCertificate",
        "Mail:Transport=Smtp",
        "Mail:From=a@example.test",
        "Mail:Smtp:Host=smtp.example.test",
        "Mail:Smtp:ClientCertificate=/nowhere.pem"
    )]
    [InlineData(
        "Mail:Smtp:ClientCertificate",
        "Mail:Transport=Smtp",
        "Mail:From=a@example.test",
        "Mail:Smtp:Host=smtp.example.test",
        "Mail:Smtp:ClientCertificate=/nowhere.pem",
        "Mail:Smtp:Security=None"
    )]
    [InlineData(
        "Mail:Smtp:ClientCertificateKey",
        "Mail:Transport=Smtp",
        "Mail:From=a@example.test",
        "Mail:Smtp:Host=smtp.example.test",
        "Mail:Smtp:ClientCertificateKey=/nowhere.pem"
    )]
    [InlineData(
        "Mail:Smtp:OAuth:TokenEndpoint",
        "Mail:Transport=Smtp",
        "Mail:From=a@example.test",
        "Mail:Smtp:Host=smtp.example.test",
        "Mail:Smtp:OAuth:TokenEndpoint=http://login.example.test/token",
        "Mail:Smtp:OAuth:ClientId=x",
        "Mail:Smtp:OAuth:ClientSecret=x",
        "Mail:Smtp:Username=a@example.test"
    )]
    [InlineData(
        "Mail:Smtp:OAuth:ClientId",
        "Mail:Transport=Smtp",
        "Mail:From=a@example.test",
        "Mail:Smtp:Host=smtp.example.test",
        "Mail:Smtp:OAuth:TokenEndpoint=https://login.example.test/token",
        "Mail:Smtp:Username=a@example.test"
    )]
    [InlineData(
        "Mail:Smtp:Username",
        "Mail:Transport=Smtp",
        "Mail:From=a@example.test",
        "Mail:Smtp:Host=smtp.example.test",
        "Mail:Smtp:OAuth:TokenEndpoint=https://login.example.test/token",
        "Mail:Smtp:OAuth:ClientId=x",
        "Mail:Smtp:OAuth:ClientSecret=x"
    )]
    [InlineData(
        "Mail:Smtp:Password",
        "Mail:Transport=Smtp",
        "Mail:From=a@example.test",
        "Mail:Smtp:Host=smtp.example.test",
        "Mail:Smtp:OAuth:TokenEndpoint=https://login.example.test/token",
        "Mail:Smtp:OAuth:ClientId=x",
        "Mail:Smtp:OAuth:ClientSecret=x",
        "Mail:Smtp:Username=a@example.test",
        "Mail:Smtp:Password=x"
    )]
    [InlineData(
        "Mail:Smtp:Security",
        "Mail:Transport=Smtp",
        "Mail:From=a@example.test",
        "Mail:Smtp:Host=smtp.example.test",
        "Mail:Smtp:OAuth:TokenEndpoint=https://login.example.test/token",
        "Mail:Smtp:OAuth:ClientId=x",
        "Mail:Smtp:OAuth:ClientSecret=x",
        "Mail:Smtp:Username=a@example.test",
        "Mail:Smtp:Security=None"
    )]
    [InlineData(
        "Mail:Notify:ApiKey",
        "Mail:Transport=Notify",
        "Mail:Notify:TemplateId=f33517ff-2a88-4f6e-b855-c550268ce08a"
    )]
    [InlineData(
        "Mail:Notify:TemplateId",
        "Mail:Transport=Notify",
        "Mail:Notify:ApiKey=live-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"
    )]
    [InlineData(
        "Mail:Notify:Address",
        "Mail:Transport=Notify",
        "Mail:Notify:Address=http://notify.example.test",
        "Mail:Notify:TemplateId=f33517ff-2a88-4f6e-b855-c550268ce08a",
        "Mail:Notify:ApiKey=live-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"
    )]
    public async Task A_way_out_for_mail_that_lacks_something_names_it_in_one_sentence(
        string named,
        params string[] settings
    )
    {
        var result = await _commands.RunAsync(
            settings.Select(setting => setting.Split('=', 2)).ToDictionary(pair => pair[0], string? (pair) => pair[1]),
            "serve"
        );

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith(named, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("SecurityTxt:Contact:0", "security@example.nhs.test")]
    [InlineData("SecurityTxt:Contact:0", "http://www.example.nhs.test/report")]
    [InlineData("SecurityTxt:Policy", "http://www.example.nhs.test/disclosure")]
    [InlineData("SecurityTxt:PreferredLanguages", "en; cy")]
    public async Task A_bad_line_of_security_txt_is_named_in_one_sentence(string key, string value)
    {
        var result = await _commands.RunAsync(
            new()
            {
                ["SecurityTxt:Contact:0"] = "mailto:security@example.nhs.test",
                ["SecurityTxt:Expires"] = "2027-06-30T00:00:00Z",
                [key] = value,
            },
            "serve"
        );

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith(
            key,
            Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("http://:5080")]
    [InlineData("http://localhost:99999")]
    public async Task A_developers_bad_url_is_named_too_though_the_issuer_comes_from_it(string urls)
    {
        var result = await _commands.RunAsync(
            new()
            {
                ["environment"] = "Development",
                ["Demo"] = "false",
                ["Issuer"] = null,
                ["urls"] = urls,
            },
            "serve"
        );

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(
            "urls",
            Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_named_in_one_sentence()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Database:Provider"] = "Postgres",
            ["ConnectionStrings:AuthServer"] = "Host=127.0.0.1;Port=1;Username=nobody",
        };

        var served = await _commands.RunAsync(settings, "serve");
        var migrated = await _commands.RunAsync(settings, "migrate");

        Assert.Equal((1, 1), (served.ExitCode, migrated.ExitCode));
        Assert.Contains("ConnectionStrings:AuthServer", served.Error, StringComparison.Ordinal);
        Assert.Equal(served.Error, migrated.Error);
    }

    public void Dispose() => _commands.Dispose();
}
