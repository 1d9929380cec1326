// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server;

/// <summary>A message that waits, as <c>isthmus show messages</c> shows it: what it says is shown to nobody.</summary>
/// <param name="Number">Its number in the store; a later one has a higher one.</param>
/// <param name="For">The address-of-record that it is for.</param>
/// <param name="From">Who sent it, as he says.</param>
/// <param name="IsOfStranger">Whether the server did not believe that.</param>
/// <param name="Type">The media type of its body; empty where there is none.</param>
/// <param name="Bytes">Octets, headers included.</param>
/// <param name="Age">Seconds since it came.</param>
/// <param name="ExpiresIn">Seconds until it is given up.</param>
/// <param name="State">
/// <c>waits</c> for a device to register that may have it, <c>queued</c>: an earlier one of its sender goes first, <c>retries</c>, or <c>goes</c>: it is on its way.
/// </param>
/// <param name="NextAttempt">Seconds until it is tried at the latest, while it <c>retries</c>; else null.</param>
/// <param name="Attempts">How often it was tried since the server began.</param>
/// <param name="Problem">Why it was not delivered the last time; null when it was not tried yet.</param>
/// <param name="CallId">Its Call-ID.</param>
public sealed record MessageView(
    long Number, string For, string From, bool IsOfStranger, string Type, int Bytes, long Age, long ExpiresIn, string State, long? NextAttempt, int Attempts, string? Problem, string CallId);
