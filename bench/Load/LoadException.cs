// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>Something that the user of the command can mend; its message says what and how.</summary>
internal sealed class LoadException(string message) : Exception(message);
