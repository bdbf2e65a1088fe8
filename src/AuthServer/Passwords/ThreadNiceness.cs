using System.Runtime.InteropServices;

namespace AuthServer.Passwords;

/// <summary>Makes the calling thread give way to others.</summary>
internal static class ThreadNiceness
{
    private const int Process = 0;
    private const int CallingThread = 0;
    private const int Niceness = 10;

    /// <summary>Does nothing where the system does not let it: it is a courtesy, not a promise.</summary>
    public static void Lower()
    {
        if (OperatingSystem.IsLinux())
        {
            // .NET leaves Thread.Priority alone on Linux; there, setpriority(2) with 0 is about the calling thread.
            _ = SetPriority(Process, CallingThread, Niceness);
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, uint who, int priority);
}
