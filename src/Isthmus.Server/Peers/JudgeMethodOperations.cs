// SPDX-License-Identifier: Apache-2.0
using Isthmus.DualStack;

namespace Isthmus.Server.Peers;

/// <summary>What a method means for the ways that a call may take.</summary>
internal static class JudgeMethodOperations
{
    extension(JudgeMethod method)
    {
        /// <summary>Whether the judge compares the version of the way itself: then another way must be of that version; else any will do for the same device or domain.</summary>
        public bool KeepsVersion => method is JudgeMethod.Arrival or JudgeMethod.Session;
    }
}
