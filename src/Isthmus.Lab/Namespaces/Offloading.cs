// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Lab;

/// <summary>
/// A virtual interface leaves checksums and the cutting of large segments to hardware that is not there, so that what is captured has wrong checksums and
/// segments larger than the link. Turned off, captured packets are as they would be on a cable.
/// </summary>
internal static class Offloading
{
    /// <summary>Turns it off for an interface of the namespace that the thread is in. An interface that cannot do so stays as it is: captures are only less pretty.</summary>
    public static unsafe void TurnOff(string device)
    {
        int descriptor = LinuxCalls.Socket(LinuxCalls.Ipv4Family, LinuxCalls.DatagramCloseOnExec, 0);
        if (descriptor < 0)
        {
            return;
        }

        var setting = new LinuxCalls.EthernetSetting { Command = LinuxCalls.SetSendChecksums, Value = 0 };
        var request = new LinuxCalls.InterfaceRequest { Data = (nint)(&setting) };
        Encoding.ASCII.GetBytes(device, request.Name);
        _ = LinuxCalls.SetInterface(descriptor, LinuxCalls.EthernetTool, request);
        _ = LinuxCalls.Close(descriptor);
    }
}
