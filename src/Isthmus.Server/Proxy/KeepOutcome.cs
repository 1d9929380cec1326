// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>What became of a request that was to be kept.</summary>
internal enum KeepOutcome
{
    /// <summary>It is on the disk.</summary>
    Kept,

    /// <summary>Nobody knows the user.</summary>
    UserUnknown,

    /// <summary>As much waits for the user as may.</summary>
    UserFull,

    /// <summary>As much of strangers waits for the user as may.</summary>
    UserFullForStrangers,

    /// <summary>As much waits for all users as may.</summary>
    StoreFull,

    /// <summary>As much of strangers waits for all users as may.</summary>
    StoreFullForStrangers,

    /// <summary>The store could not be written.</summary>
    NotStored,
}

/// <summary>The answer to it.</summary>
internal static class KeepOutcomeOperations
{
    private const int UntilThereIsRoom = 300;
    private const int UntilItCanBeWritten = 30;

    extension(KeepOutcome outcome)
    {
        /// <summary>Begins the final response.</summary>
        public ResponseBuilder Answer(RequestContext context) => outcome switch
        {
            KeepOutcome.Kept => context.Respond(202), // RFC 3428 §7
            KeepOutcome.UserUnknown => context.Respond(404),
            KeepOutcome.UserFull => context.Respond(480, "Too Many Messages Waiting"),
            KeepOutcome.UserFullForStrangers => context.Respond(480, "Too Many Messages From Strangers"),
            // No 503: it would tell the sender to spare this server for users who are there too (RFC 3261 §16.7 step 6).
            KeepOutcome.StoreFull => Later(context.Respond(500, "Message Store Full"), UntilThereIsRoom),
            KeepOutcome.StoreFullForStrangers => Later(context.Respond(500, "Message Store Full For Strangers"), UntilThereIsRoom),
            _ => Later(context.Respond(500, "Message Cannot Be Stored"), UntilItCanBeWritten),
        };
    }

    private static ResponseBuilder Later(ResponseBuilder answer, int seconds) => answer.Header(HeaderName.RetryAfter, seconds.ToString(CultureInfo.InvariantCulture));
}
