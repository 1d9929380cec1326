// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Events;

/// <summary>How a PUBLISH ended.</summary>
/// <param name="Outcome">Whether it was done.</param>
/// <param name="EntityTag">The tag from now on; zero where nothing was done.</param>
/// <param name="HasChanged">Whether the state of the resource may be another one now.</param>
internal readonly record struct PublishResult(PublishOutcome Outcome, ulong EntityTag = 0, bool HasChanged = false);

/// <summary>Whether a PUBLISH was done, or why not.</summary>
internal enum PublishOutcome
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>Nothing bears the entity tag (any more): 412.</summary>
    NoMatch,

    /// <summary>The user has as many publications as one may have: 403.</summary>
    TooManyHere,

    /// <summary>With it one NOTIFY could not bring what the user publishes (<see cref="StateDocument.Most"/>): 413.</summary>
    TooMuchHere,

    /// <summary>All users together have: 503.</summary>
    TooMany,
}
