// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Hosting;

/// <summary>Shows the table of a started server.</summary>
internal sealed class StartupNotice(TextWriter output)
{
    public void Started(IsthmusServer server)
    {
        output.Write(server.Table);
        output.Flush();
    }
}
