using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace AuthServer.Mail.Transports;

/// <summary>
/// Hands messages to GOV.UK Notify (its REST API, version 2), which sends them in its own layout. Each carries the
/// row's id as its reference, by which Notify can be asked whether it has the message.
/// </summary>
internal sealed class NotifyTransport(IOptions<MailOptions> options, TimeProvider clock)
    : IMailTransport,
        IDeliveryReports,
        IDisposable
{
    private readonly NotifyOptions _notify = options.Value.Notify;

    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // follows Notify to other addresses
            AllowAutoRedirect = false,
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan, // each request has its own
    };

    public TimeSpan AnswerTimeout => _notify.Timeout;

    public async Task<Delivery> SendAsync(OutgoingMail mail, HandOver handOver, CancellationToken cancellationToken)
    {
        if (!Mailbox.TryParse(mail.To, out _))
        {
            return new Delivery.Refused("This is not an address that mail can be sent to.");
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (!await handOver())
        {
            return new Delivery.TakenBack();
        }

        var message = new NotifyEmail(
            mail.To,
            _notify.TemplateId,
            new(mail.Subject, NotifyText.From(mail.Body.Text)),
            mail.Id.ToString("D"),
            _notify.ReplyToId
        );
        try
        {
            using var request = Request(HttpMethod.Post, "v2/notifications/email");
            request.Content = JsonContent.Create(message);
            var (status, body) = await AskAsync(request, CancellationToken.None);
            return status == HttpStatusCode.Created
                ? new Delivery.Accepted($"{(int)status} accepted by GOV.UK Notify.")
                : Refusal(status, NotifyMistake.Read(body));
        }
        catch (HttpRequestException e)
            when (e.HttpRequestError
                    is HttpRequestError.NameResolutionError
                        or HttpRequestError.ConnectionError
                        or HttpRequestError.SecureConnectionError
                        or HttpRequestError.ProxyTunnelError
            )
        {
            return new Delivery.TryAgain($"GOV.UK Notify cannot be reached: {e.HttpRequestError}.", Down: true);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            return new Delivery.AnswerLost($"GOV.UK Notify did not answer: {e.GetType().Name}.");
        }
    }

    public async Task<Whereabouts> AskAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        try
        {
            using var request = Request(HttpMethod.Get, $"v2/notifications?reference={mail.Id:D}");
            var (status, body) = await AskAsync(request, cancellationToken);
            return status != HttpStatusCode.OK ? Whereabouts.AskLater
                : JsonSerializer.Deserialize<NotifyList>(body)?.Notifications is { Count: > 0 } ? Whereabouts.Arrived
                : Whereabouts.NeverArrived;
        }
        catch (Exception e)
            when (e is HttpRequestException or OperationCanceledException or IOException or JsonException)
        {
            return Whereabouts.AskLater;
        }
    }

    /// <summary>
    /// By our reference, which every attempt has, not by Notify's id, which is lost with a lost answer.
    /// </summary>
    public async Task<DeliveryReport> ReportAsync(Guid messageId, CancellationToken cancellationToken)
    {
        try
        {
            using var request = Request(HttpMethod.Get, $"v2/notifications?reference={messageId:D}");
            var (status, body) = await AskAsync(request, cancellationToken);
            return status != HttpStatusCode.OK
                    ? new DeliveryReport.NoAnswer($"{(int)status} {NotifyMistake.Read(body)}")
                : JsonSerializer.Deserialize<NotifyStatuses>(body)?.Notifications is [var newest, ..]
                    ? ReportOf(newest.Status)
                : new DeliveryReport.NeverHeardOf("GOV.UK Notify does not keep it any more.");
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException or JsonException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            return new DeliveryReport.NoAnswer($"GOV.UK Notify did not answer: {e.GetType().Name}.");
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var key =
            NotifyKey.Parse(_notify.ApiKey)
            ?? throw new InvalidOperationException("Mail:Notify:ApiKey was not checked.");
        var request = new HttpRequestMessage(method, $"{_notify.Address.TrimEnd('/')}/{path}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.TokenAt(clock.GetUtcNow()));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ePortfolios.Auth", null));
        return request;
    }

    private async Task<(HttpStatusCode Status, string Body)> AskAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        using var over = new CancellationTokenSource(_notify.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        using var answer = await _http.SendAsync(request, either.Token);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(either.Token));
    }

    // A recipient that Notify cannot write to is a ValidationError; every other refusal is ours to mend, or passes.
    private static Delivery Refusal(HttpStatusCode status, NotifyMistake mistake) =>
        status switch
        {
            HttpStatusCode.BadRequest when mistake.IsAboutAddress => new Delivery.Refused($"400 {mistake}"),
            // It may have it all the same.
            >= HttpStatusCode.InternalServerError => new Delivery.AnswerLost($"{(int)status} {mistake}"),
            _ => new Delivery.TryAgain($"{(int)status} {mistake}", Down: true),
        };

    // Whatever else Notify may say is a message under way: "created", "sending".
    private static DeliveryReport ReportOf(string? status) =>
        status switch
        {
            "delivered" => new DeliveryReport.Delivered("GOV.UK Notify: delivered."),
            "permanent-failure" => new DeliveryReport.Bounced(
                "GOV.UK Notify: permanent-failure. There is no such address."
            ),
            "temporary-failure" => new DeliveryReport.Bounced(
                "GOV.UK Notify: temporary-failure. The mailbox took no mail for days: it may be full, or its server away."
            ),
            "technical-failure" => new DeliveryReport.Bounced(
                "GOV.UK Notify: technical-failure. It was not sent, for a fault of theirs."
            ),
            _ => new DeliveryReport.NotYet(),
        };

    private sealed record NotifyEmail(
        [property: JsonPropertyName("email_address")] string EmailAddress,
        [property: JsonPropertyName("template_id")] Guid? TemplateId,
        [property: JsonPropertyName("personalisation")] NotifyWords Personalisation,
        [property: JsonPropertyName("reference")] string Reference,
        [property: JsonPropertyName("email_reply_to_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
            Guid? ReplyToId
    );

    private sealed record NotifyWords(
        [property: JsonPropertyName("subject")] string Subject,
        [property: JsonPropertyName("body")] string Body
    );

    private sealed record NotifyStatuses(
        [property: JsonPropertyName("notifications")] IReadOnlyList<NotifyStatus>? Notifications
    );

    private sealed record NotifyStatus([property: JsonPropertyName("status")] string? Status);

    private sealed record NotifyList(
        [property: JsonPropertyName("notifications")] IReadOnlyList<JsonElement>? Notifications
    );
}

/// <summary>Why Notify refused: <c>{"errors": [{"error": "ValidationError", "message": "…"}]}</c>.</summary>
internal sealed record NotifyMistake(string Error, string Message)
{
    public bool IsAboutAddress =>
        Error == "ValidationError" && Message.StartsWith("email_address", StringComparison.Ordinal);

    public static NotifyMistake Read(string body)
    {
        try
        {
            var first = JsonDocument.Parse(body).RootElement.GetProperty("errors")[0];
            return new(first.GetProperty("error").GetString() ?? "", first.GetProperty("message").GetString() ?? "");
        }
        catch (Exception e)
            when (e is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            return new("", "An answer that is not Notify's.");
        }
    }

    public override string ToString() => ServerAnswer.Scrub($"{Error}: {Message}");
}
