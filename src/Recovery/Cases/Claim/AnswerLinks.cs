using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Recovery.Ports;

namespace Recovery.Cases.Claim;

/// <summary>Makes the links to answer with. The newest one counts.</summary>
internal sealed class AnswerLinks(IRecoveryDb db, IRecoveryHost host, IOptions<CaseOptions> options, TimeProvider clock)
    : IAnswerLinks
{
    public async Task<AnswerLink> NewAsync(Guid caseId, CancellationToken cancellationToken)
    {
        var token = CaseToken.New();
        var until = clock.GetUtcNow() + options.Value.AnswerTime;
        var changed = await db
            .SupportCases.Where(c => c.Id == caseId)
            .ExecuteUpdateAsync(
                set => set.SetProperty(c => c.ResumeHash, token.Hash).SetProperty(c => c.ResumeExpiresAt, until),
                cancellationToken
            );
        return changed == 1
            ? new AnswerLink(host.AbsoluteAddress($"{CasePaths.Answer}/{token.Text}"), until, token.Hash)
            : throw new InvalidOperationException($"There is no support case {caseId} to ask a question in.");
    }
}
