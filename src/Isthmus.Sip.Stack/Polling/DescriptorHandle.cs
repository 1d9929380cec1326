// SPDX-License-Identifier: Apache-2.0
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Sip.Stack;

/// <summary>A file descriptor of Linux: closed when it is disposed and no call uses it any more.</summary>
internal sealed class DescriptorHandle : SafeHandleMinusOneIsInvalid
{
    /// <param name="descriptor">What a call of the kernel gave; owned from now on.</param>
    public DescriptorHandle(int descriptor)
        : base(ownsHandle: true) => SetHandle(descriptor);

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => PollCalls.CloseDescriptor((int)handle) == 0;
}
