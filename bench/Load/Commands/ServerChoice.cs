// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>Which servers are measured.</summary>
internal enum ServerChoice
{
    Both,
    Ours,
    Kamailio,
}
