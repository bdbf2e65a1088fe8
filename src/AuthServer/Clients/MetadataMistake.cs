namespace AuthServer.Clients;

/// <summary>One thing that is wrong with a client's metadata.</summary>
/// <param name="Code">RFC 7591 §3.2.2: <see cref="RedirectUri"/> or <see cref="Metadata"/>.</param>
/// <param name="Sentence">What must be otherwise, naming the member: printable ASCII without quotes, fit for
/// <c>error_description</c>.</param>
public sealed record MetadataMistake(string Code, string Sentence)
{
    public const string RedirectUri = "invalid_redirect_uri";
    public const string Metadata = "invalid_client_metadata";

    internal static MetadataMistake InRedirectUris(string sentence) => new(RedirectUri, sentence);

    internal static MetadataMistake InMetadata(string sentence) => new(Metadata, sentence);
}
