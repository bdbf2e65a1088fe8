using System.Diagnostics.CodeAnalysis;

namespace AuthServer.Protocol;

/// <summary>A value, or the protocol error that stands in its place.</summary>
public sealed class Result<T>
    where T : notnull
{
    private readonly T? _value;
    private readonly ProtocolError? _error;

    private Result(T? value, ProtocolError? error) => (_value, _error) = (value, error);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(ProtocolError error) => new(default, error);

    /// <summary>True with the value, or false with the error: exactly one is set.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out ProtocolError? error)
    {
        (value, error) = (_value, _error);
        return error is null && value is not null;
    }
}
