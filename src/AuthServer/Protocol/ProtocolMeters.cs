using System.Diagnostics.Metrics;

namespace AuthServer.Protocol;

/// <summary>Counts what the engine does, on the meter <c>AuthServer</c>.</summary>
internal sealed class ProtocolMeters(IMeterFactory factory)
{
    private readonly Counter<long> _tokens = factory
        .Create("AuthServer")
        .CreateCounter<long>("auth.tokens", "{response}", "Token responses by grant type.");

    private readonly Counter<long> _notices = factory
        .Create("AuthServer")
        .CreateCounter<long>(
            "auth.logout_notices",
            "{attempt}",
            "Attempts to tell an app of a log-out by outcome: told, refused, retried."
        );

    public void ToldOfLogout(string outcome) => _notices.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Issued(string grantType) => _tokens.Add(1, new KeyValuePair<string, object?>("grant_type", grantType));
}
