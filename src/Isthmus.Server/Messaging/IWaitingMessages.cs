// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Messaging;

/// <summary>How many messages wait for a user, for who tells him so.</summary>
internal interface IWaitingMessages
{
    /// <summary>How many messages wait for a canonical address-of-record.</summary>
    int CountFor(string aor);

    /// <summary>Lets somebody hear the address-of-record for which more or fewer messages wait than before; on any thread, in no lock.</summary>
    void Observe(Action<string> changed);
}
