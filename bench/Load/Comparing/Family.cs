// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>The IP versions of the calling and of the called phones.</summary>
internal enum Family
{
    V4ToV4 = 44,
    V6ToV4 = 64,
    V6ToV6 = 66,
}
