// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server;

/// <summary>
/// Who may watch a user's presence. A watcher that is listed itself goes before one that is listed by its domain, and that before everybody; of equals, who is
/// denied goes first, then who is to be confirmed, then who is blocked politely. The user may always watch himself.
/// </summary>
public sealed record WatchRule
{
    /// <summary>The user, as <c>user@domain</c>, or <c>*</c> for all that have no rule of their own.</summary>
    public string User { get; init; } = "";

    /// <summary>Watchers who see the presence: <c>user@domain</c>, <c>*@domain</c>, or <c>*</c> for everybody, also those whom the server does not know.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Watchers who see the user offline, and do not know that they see no more.</summary>
    public IReadOnlyList<string> PoliteBlock { get; init; } = [];

    /// <summary>Watchers who wait until another rule says what they see; the user sees in <c>presence.winfo</c> that they do.</summary>
    public IReadOnlyList<string> Confirm { get; init; } = [];

    /// <summary>Watchers who get 403.</summary>
    public IReadOnlyList<string> Deny { get; init; } = [];

    /// <summary>What the others see, as far as the server knows who they are.</summary>
    public Access Others { get; init; } = Access.Allow;

    /// <summary>Reads one who may be named in a rule; null when it is none.</summary>
    internal static string? Read(string text)
    {
        string address = text.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) ? text["sip:".Length..] : text;
        string named = address.StartsWith("*@", StringComparison.Ordinal) ? "x" + address[1..] : address;
        return address == "*" || (Sip.SipUri.TryParse("sip:" + named, out Sip.SipUri? uri) && uri.User is { Length: > 0 }) ? address : null;
    }
}
