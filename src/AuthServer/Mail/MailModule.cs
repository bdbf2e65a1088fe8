using AuthServer.Mail.Letters;
using AuthServer.Mail.Transports;
using Microsoft.Extensions.Options;
using Quartz;
using Recovery.Ports;

namespace AuthServer.Mail;

internal static class MailModule
{
    public static IServiceCollection AddMail(this IServiceCollection services)
    {
        services.AddOptions<MailOptions>().BindConfiguration(MailOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsValidator>();
        services.AddSingleton<IValidateOptions<MailOptions>, MailRules>();
        services.AddSingleton<MailSeal>();
        services.AddSingleton<MailMeters>();
        services.AddSingleton<MailWaker>();
        services.AddSingleton<RecoveryLetters>();
        services.AddScoped<Outbox>();
        services.AddScoped<DeliveryQuestions>();
        services.AddScoped<IRecoveryMessenger, RecoveryMessenger>();
        services.AddSingleton<SendMail>();
        services.AddSingleton<FollowMail>();
        services.AddSingleton<FolderTransport>();
        services.AddSingleton<SmtpTransport>();
        services.AddSingleton<SmtpTokens>();
        services
            .AddHttpClient(SmtpTokens.HttpClientName)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false });
        services.AddSingleton<NotifyTransport>();
        services.AddSingleton<IMailTransport>(provider =>
            provider.GetRequiredService<IOptions<MailOptions>>().Value.Transport switch
            {
                "Smtp" => provider.GetRequiredService<SmtpTransport>(),
                "Notify" => provider.GetRequiredService<NotifyTransport>(),
                _ => provider.GetRequiredService<FolderTransport>(),
            }
        );
        services.AddSingleton<MailFolder>();
        services.AddHostedService<FolderWarning>();
        return services;
    }

    /// <summary>
    /// Looks for messages every few seconds, which those of this process need not wait for; and asks what became of
    /// others.
    /// </summary>
    public static IQuartzBuilder AddMailJobs(this IQuartzBuilder quartz) =>
        quartz
            .ScheduleJob<SendMailJob>(
                (provider, trigger) =>
                    trigger
                        .WithIdentity("send-mail", "mail")
                        .WithSimpleSchedule(schedule =>
                            schedule
                                .WithInterval(provider.GetRequiredService<IOptions<MailOptions>>().Value.Interval)
                                .RepeatForever()
                        ),
                (_, job) => job.WithIdentity(SendMailJob.Key)
            )
            .ScheduleJob<FollowMailJob>(
                (provider, trigger) =>
                    trigger
                        .WithIdentity("follow-mail", "mail")
                        .WithSimpleSchedule(schedule =>
                            schedule
                                .WithInterval(
                                    provider.GetRequiredService<IOptions<MailOptions>>().Value.Notify.AskInterval
                                )
                                .RepeatForever()
                        ),
                (_, job) => job.WithIdentity(FollowMailJob.Key)
            );
}

/// <summary>Warns at start in Production when mail goes to a folder, where nobody reads it.</summary>
internal sealed partial class FolderWarning(
    IOptions<MailOptions> options,
    IHostEnvironment environment,
    ILogger<FolderWarning> logger
) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (environment.IsProduction() && options.Value.Transport == "Folder")
        {
            NobodyReceives();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        6110,
        LogLevel.Warning,
        "Mail is written to a folder: nobody receives it. Set Mail:Transport to Smtp or Notify."
    )]
    private partial void NobodyReceives();
}
