using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace AuthServer.Hosting;

/// <summary>Settings under <c>Requests</c>: how large a request may be, and how long a stop may take.</summary>
public sealed class RequestOptions
{
    public const string Section = "Requests";

    /// <summary>Bytes of a body; more is answered with 413. Default 65,536.</summary>
    [Range(4096, 10_485_760, ErrorMessage = "Requests:MaxBodyBytes must be between 4096 and 10485760.")]
    public int MaxBodyBytes { get; set; } = 64 * 1024;

    /// <summary>
    /// Bytes of the request line: method, address with query string, version. Default 16,384; more is answered with
    /// 414.
    /// </summary>
    [Range(4096, 65_536, ErrorMessage = "Requests:MaxLineBytes must be between 4096 and 65536.")]
    public int MaxLineBytes { get; set; } = 16 * 1024;

    /// <summary>Bytes of all headers together; more is answered with 431. Default 32,768.</summary>
    [Range(8192, 262_144, ErrorMessage = "Requests:MaxHeaderBytes must be between 8192 and 262144.")]
    public int MaxHeaderBytes { get; set; } = 32 * 1024;

    /// <summary>
    /// How long requests and jobs that are under way may take to finish when the server is told to stop. Default 30
    /// seconds.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "00:00:01",
        "00:10:00",
        ErrorMessage = "Requests:ShutdownTimeout must be between 00:00:01 and 00:10:00."
    )]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class RequestOptionsValidator : IValidateOptions<RequestOptions>;

/// <summary>Hands <see cref="RequestOptions"/> to Kestrel, the form reader and the host.</summary>
internal static class RequestLimits
{
    public static void AddRequestLimits(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<RequestOptions>().BindConfiguration(RequestOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RequestOptions>, RequestOptionsValidator>();

        services
            .AddOptions<KestrelServerOptions>()
            .Configure<IOptions<RequestOptions>>(
                (kestrel, limits) =>
                {
                    kestrel.AddServerHeader = false;
                    kestrel.Limits.MaxRequestBodySize = limits.Value.MaxBodyBytes;
                    kestrel.Limits.MaxRequestLineSize = limits.Value.MaxLineBytes;
                    kestrel.Limits.MaxRequestHeadersTotalSize = limits.Value.MaxHeaderBytes;
                    kestrel.Limits.MaxRequestBufferSize = Math.Max(
                        limits.Value.MaxBodyBytes,
                        limits.Value.MaxLineBytes
                    );
                }
            );
        services
            .AddOptions<FormOptions>()
            .Configure<IOptions<RequestOptions>>(
                (form, limits) =>
                {
                    form.BufferBodyLengthLimit = limits.Value.MaxBodyBytes;
                    form.MultipartBodyLengthLimit = limits.Value.MaxBodyBytes;
                    form.ValueLengthLimit = limits.Value.MaxBodyBytes;
                }
            );
        services
            .AddOptions<HostOptions>()
            .Configure<IOptions<RequestOptions>>((host, limits) => host.ShutdownTimeout = limits.Value.ShutdownTimeout);
    }
}
