// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server;

/// <summary>What the server itself answers of the users' presence, and of the other event packages (RFC 6665, RFC 3903).</summary>
public sealed record PresenceOptions
{
    /// <summary>Whether SUBSCRIBE and PUBLISH for the users are answered here. If not they go to the devices, as any other request.</summary>
    public bool Serve { get; init; } = true;

    /// <summary>Whether a user who is registered is shown as online when no device publishes anything.</summary>
    public bool FromRegistration { get; init; } = true;

    /// <summary>A shorter subscription or publication is answered 423 (unless it asks for 0). 1 s to 1 h.</summary>
    public TimeSpan MinExpires { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A longer subscription or publication is shortened to this; it is also the time of one that asks for none. 1 s to 30 days.</summary>
    public TimeSpan MaxExpires { get; init; } = TimeSpan.FromHours(1);

    /// <summary>So much lies between two NOTIFYs of changes in one subscription at least; the latest state is sent then. 0 to 1 h.</summary>
    public TimeSpan NotifyInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether everybody is believed to be who his From says. If not, only users who are registered and send from there, and trusted peers.</summary>
    public bool BelievesEverybody { get; init; }
}
