using Microsoft.Extensions.DependencyInjection;
using Quartz;
using Recovery.Cases;
using Recovery.Cases.Desk;
using Recovery.CleanUp;
using Recovery.Requests;
using Recovery.ResetLinks;

namespace Recovery;

/// <summary>Everything a host must call to offer recovery.</summary>
public static class RecoveryModule
{
    /// <summary>
    /// Registers recovery. The host supplies the ports in <c>Recovery.Ports</c> and a <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddRecovery(this IServiceCollection services) =>
        services.AddRequests().AddResetLinks().AddCases().AddDesk().AddCleanUp();

    /// <summary>Recovery's jobs, on a scheduler of the host whose jobs one node at a time runs.</summary>
    public static IQuartzBuilder AddRecoveryJobs(this IQuartzBuilder quartz) => quartz.AddCleanUpJob().AddCaseJobs();
}
