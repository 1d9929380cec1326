// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server;

/// <summary>The registrar's times and bounds (RFC 3261 §10.3).</summary>
public sealed record RegistrarOptions
{
    private readonly TimeSpan? _defaultExpires;

    /// <summary>A shorter registration is answered 423 (unless it asks for an hour or more, or for 0). 1 s to 1 h.</summary>
    public TimeSpan MinExpires { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A longer registration is shortened to this. 1 s to 30 days.</summary>
    public TimeSpan MaxExpires { get; init; } = TimeSpan.FromHours(2);

    /// <summary>The time of a registration that asks for none. Not set: one hour, or what of it the other two allow.</summary>
    public TimeSpan DefaultExpires
    {
        get => _defaultExpires ?? TimeSpan.FromSeconds(Math.Max(MinExpires.TotalSeconds, Math.Min(3600, MaxExpires.TotalSeconds)));
        init => _defaultExpires = value;
    }

    /// <summary>The most bindings of one address-of-record; one more is answered 403.</summary>
    public int MaxBindings { get; init; } = 10;
}
