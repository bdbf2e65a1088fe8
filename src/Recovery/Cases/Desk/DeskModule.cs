using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Recovery.Cases.Matching;

namespace Recovery.Cases.Desk;

internal static class DeskModule
{
    public static IServiceCollection AddDesk(this IServiceCollection services)
    {
        services.AddOptions<DeskOptions>().BindConfiguration(DeskOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<DeskOptions>, DeskOptionsValidator>();
        services.AddScoped<ConcernedAccounts>();
        services.AddScoped<DeskCases>();
        services.AddScoped<CaseList>();
        services.AddScoped<CaseSearch>();
        services.AddScoped<CaseFigures>();
        services.AddScoped<Subscribers>();
        services.AddScoped<DeskEmails>();
        services.AddScoped<MailNews>();
        services.AddScoped<MailSummaries>();
        services.AddSingleton<EvidenceMatcher>();
        services.AddScoped<Suggestions>();
        services.AddScoped<CaseFiles>();
        services.AddScoped<DecideCase>();
        services.AddScoped<AskForMore>();
        services.AddScoped<KeepCase>();
        services.AddScoped<Alarms>();
        services.AddScoped<CaseSurroundings>();
        services.AddScoped<DeskMail>();
        services.AddScoped<ShownMessages>();
        services.AddScoped<PersonMail>();
        return services;
    }
}
