// SPDX-License-Identifier: Apache-2.0
using Isthmus.Server.Location;

namespace Isthmus.Server.Proxy;

/// <summary>
/// Keeps requests for users who cannot be reached now, to be delivered when they can (RFC 3428 §7). Called on the owner of the request's conversation.
/// </summary>
internal interface IRequestKeeper
{
    /// <summary>Takes a request whose user has no device that could be sent to, if it is one to be kept; it will be answered then.</summary>
    bool TryTake(RequestContext context, ReadOnlySpan<byte> aor);

    /// <summary>For a request that is about to be forwarded: how long a device may be silent until it counts as absent. Null: the request is not one to be kept.</summary>
    TimeSpan? PatienceFor(RequestContext context);

    /// <summary>What makes the branch of a request that may be kept, towards a device: a later delivery of it is the same transaction (RFC 3261 §17.2.3).</summary>
    ulong BranchOf(RequestContext context, Device device);

    /// <summary>Whether a final response says no more than that nobody is there.</summary>
    bool IsAbsence(int status);

    /// <summary>Keeps a request that reached nobody. False: it is not one to be kept.</summary>
    /// <param name="context">The request.</param>
    /// <param name="mayArriveYet">Whether a device may yet answer what was forwarded to it.</param>
    /// <param name="user">Is told once, as the owner of the conversation, perhaps before this returns.</param>
    bool TryKeep(RequestContext context, bool mayArriveYet, IKeepingUser user);

    /// <summary>A request that was kept has reached somebody after all.</summary>
    /// <param name="kept">What <see cref="IKeepingUser.Kept"/> was given.</param>
    void Arrived(object kept);
}

/// <summary>Who waits for a request to be kept.</summary>
internal interface IKeepingUser
{
    /// <summary>It is kept, or why it is not.</summary>
    /// <param name="outcome">What its sender is to be told.</param>
    /// <param name="kept">What was kept; null where it is not to be found again.</param>
    void Kept(KeepOutcome outcome, object? kept);
}
